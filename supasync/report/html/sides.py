"""Two texts side by side, line by line."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher

_LONGEST = 400
_LINES = 120
_COMPARED = 2000
_AROUND = 3


@dataclass(frozen=True)
class Line:
    """how: `same`, `old`, `new`, `both` (another line on each side) or `gap` (lines that are the
    same were left out; `old` tells how many)."""

    how: str
    old: str
    new: str


def sides(old: str, new: str) -> tuple[list[Line], int]:
    """The lines, without long stretches that are the same, and how many had to be cut off."""
    before, after = old.splitlines(), new.splitlines()
    cut = max(len(before), len(after)) - _COMPARED  # comparing is quadratic at worst
    before, after = before[:_COMPARED], after[:_COMPARED]
    found: list[Line] = []
    for tag, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            found += _same(before[a:b], first=a == 0, last=b == len(before))
        else:
            found += _differing(before[a:b], after[c:d])
    return found[:_LINES], max(0, cut) + max(0, len(found) - _LINES)


def _differing(old: list[str], new: list[str]) -> list[Line]:
    lines = []
    for number in range(max(len(old), len(new))):
        left = _short(old[number]) if number < len(old) else ""
        right = _short(new[number]) if number < len(new) else ""
        how = "old" if number >= len(new) else "new" if number >= len(old) else "both"
        lines.append(Line(how, left, right))
    return lines


def _same(lines: list[str], *, first: bool, last: bool) -> list[Line]:
    shown = [Line("same", _short(line), _short(line)) for line in lines]
    head = 0 if first else _AROUND
    tail = 0 if last else _AROUND
    if len(shown) <= head + tail + 1:
        return shown
    gap = Line("gap", str(len(shown) - head - tail), "")
    return [*shown[:head], gap, *shown[len(shown) - tail :]]


def _short(line: str) -> str:
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]} … {len(line) - _LONGEST} more"
