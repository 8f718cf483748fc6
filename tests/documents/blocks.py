"""The commands of a page, as its blocks have them.

- ```` ```console ````: `$ command`, and below it what stdout says. `…` stands for anything, a line
  of its own for any lines; how long something took is not compared. Lines after `> ` go on.
- ```` ```sh ````: commands alone, one in a line.
- `<!-- run` … `-->`: what a reader has done already; commands alone, which the site does not show.
- ```` ``` { .sh .elsewhere } ````: is not run; see elsewhere.py.

A command ends with exit code 0, unless a comment says `# exit code N`. With `# until Ctrl-C` it is
left running, with what it has to say so far, and interrupted at the page's end.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_BLOCK = re.compile(
    r"^(?P<fence>`{3,})(?P<info>[^\n`]*)\n(?P<text>.*?)^(?P=fence)[ ]*$"
    r"|^<!-- run\n(?P<hidden>.*?)^-->",
    re.MULTILINE | re.DOTALL,
)
_TOOK = re.compile(r"\d+(?:\.\d+)? m?s\b")


@dataclass(frozen=True)
class Command:
    """says: None where the page does not tell."""

    line: int
    text: str
    says: str | None = None

    @property
    def code(self) -> int:
        found = re.search(r"# exit code (\d+)$", self.text)
        return int(found[1]) if found else 0

    @property
    def stays(self) -> bool:
        return self.text.endswith("# until Ctrl-C")

    def expects(self, out: str) -> bool:
        """Whether stdout is what the page says."""
        return self.says is None or bool(re.fullmatch(_pattern(self.says), _bare(out)))

    def begins(self, out: str) -> bool:
        """The same of one that goes on."""
        return self.says is None or bool(re.match(_pattern(self.says), _bare(out)))


def commands(page: Path) -> list[Command]:
    """All that are run, in their order."""
    return list(_commands(page.read_text()))


def elsewhere(page: Path) -> list[str]:
    """The texts of blocks that are not run."""
    return [each["text"] for each in _BLOCK.finditer(page.read_text()) if _marked(each["info"])]


def unmarked(page: Path) -> list[str]:
    """The first lines of blocks in which a command of ours or a `$ ` stands, and which are neither
    run nor marked: of another language, or of none."""
    found = []
    for each in _BLOCK.finditer(page.read_text()):
        info = (each["info"] or "").strip()
        if each["hidden"] is not None or info in ("sh", "console") or _marked(info):
            continue
        if re.search(r"(?m)^(?:\$ |supasync |scripts/|pip )", each["text"]):
            found.append(each["text"].split("\n")[0])
    return found


def _marked(info: str | None) -> bool:
    return ".elsewhere" in (info or "")


def _commands(text: str) -> Iterator[Command]:
    for each in _BLOCK.finditer(text):
        line = text.count("\n", 0, each.start()) + 2
        info = (each["info"] or "").strip()
        if info == "console":
            yield from _with_answers(each["text"], line)
        elif info == "sh" or each["hidden"] is not None:
            yield from _alone(each["text"] if info == "sh" else each["hidden"], line)


def _with_answers(text: str, at: int) -> Iterator[Command]:
    parts = re.split(r"(?m)^\$ ", text)
    assert parts[0] == "", f"line {at}: a console block begins with `$ `"
    for part in parts[1:]:
        first, *lines = part.rstrip("\n").split("\n")
        more = 0
        while more < len(lines) and lines[more].startswith("> "):
            more += 1
        typed = "\n".join([first, *(line[2:] for line in lines[:more])])
        yield Command(at, typed, "\n".join(lines[more:]))
        at += part.count("\n")


def _alone(text: str, at: int) -> Iterator[Command]:
    """Lines, each with those that belong to it: after a backslash, or of a here document."""
    lines = text.rstrip("\n").split("\n")
    while lines:
        typed = [lines.pop(0)]
        while typed[-1].endswith("\\"):
            typed.append(lines.pop(0))
        if found := re.search(r"<<'?(\w+)'?", typed[0]):
            while typed[-1] != found[1]:
                typed.append(lines.pop(0))
        if typed[0].strip():
            yield Command(at, "\n".join(typed))
        at += len(typed)


def _bare(text: str) -> str:
    """Without what differs from run to run, or is only seen as blanks."""
    lines = (" ".join(_TOOK.sub("1 s", line).split()) for line in text.strip().split("\n"))
    return "\n".join(line for line in lines if line) + "\n"


def _pattern(says: str) -> str:
    return (
        "".join(
            r"(?:.*\n)*?" if line == "…" else re.escape(line).replace("…", ".*") + r"\n"
            for line in _bare(says).rstrip("\n").split("\n")
            if line
        )
        or r"\n"
    )
