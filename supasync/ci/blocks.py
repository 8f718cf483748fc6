"""A document in blocks, of which as much is kept as there is room for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from supasync.report import markup
from supasync.report.wording import count

Size: TypeAlias = Callable[[str], int]

_APART = "\n\n"
_CUT = "\n**This is not all: it was too long for GitHub.** The command's own output has the rest.\n"


@dataclass(frozen=True)
class Block:
    """lines are cut from their end; head and tail stay. rank: those of a lower one get room first.
    Without one of rank 0, nothing of a higher one is shown."""

    lines: tuple[str, ...]
    head: str = ""
    tail: str = ""
    rank: int = 1

    @property
    def text(self) -> str:
        ends = ([part] if part else [] for part in (self.head, self.tail))
        return "\n".join([*next(ends), *self.lines, *next(ends)])

    def within(self, room: int, size: Size) -> str | None:
        """The block, or as many of its lines as there is room for; None for none."""
        if size(self.text) <= room:
            return self.text
        cut = f"… {count(len(self.lines), 'more line')}"
        room -= size(self.head) + size(self.tail) + size(cut) + 3
        kept = []
        for line in self.lines:
            room -= size(line) + 1
            if room < 0:
                break
            kept.append(line)
        if not kept:
            return None
        more = f"… {count(len(self.lines) - len(kept), 'more line')}"
        return Block((*kept, more), self.head, self.tail).text


def listed(texts: Iterable[str], mark: str = "") -> tuple[str, ...]:
    """A list of texts from elsewhere."""
    return tuple(f"- {mark}{markup.code(text)}" for text in texts)


def fenced(text: str, language: str = "", *, fold: str = "", rank: int = 1) -> Block:
    """A text from elsewhere, line by line. fold: what it is folded away under."""
    begin, lines, end = markup.fence(text, language)
    if not fold:
        return Block(lines, begin, end, rank)
    return Block(
        lines,
        f"<details><summary>{fold}</summary>\n\n{begin}",
        f"{end}\n\n</details>",
        rank,
    )


def joined(blocks: Sequence[Block], limit: int, size: Size = len) -> str:
    """At most as large as the limit; what was left out is told."""
    room = limit - size(_CUT)
    kept: dict[int, str] = {}
    whole = True
    for index in sorted(range(len(blocks)), key=lambda at: (blocks[at].rank, at)):
        text = blocks[index].within(room - len(_APART), size)
        whole = whole and text == blocks[index].text
        if text is not None:
            kept[index] = text
            room -= size(text) + len(_APART)
        elif not blocks[index].rank:
            break
    document = _APART.join(kept[index] for index in sorted(kept)) + "\n"
    return document if whole else document + _CUT
