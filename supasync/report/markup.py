"""Texts from elsewhere inside Markdown, where nothing in them is markup, a mention or a link.

They are code: escapes would stop neither GitHub's @mentions and #references nor its links.
"""

from __future__ import annotations

import re

from supasync.report.wording import harmless

_TICKS = re.compile("`+")
_LONGEST = 2_000


def code(text: str, *, cell: bool = False) -> str:
    """One line, cut where it is too long to be read. cell: of a table, where no | can stand."""
    line = _cut(harmless(text))
    if cell:
        line = line.replace("|", "¦")
    fence = "`" * (_ticks(line) + 1)
    pad = " " if not line or line[0] in "` " or line[-1] in "` " else ""
    return f"{fence}{pad}{line}{pad}{fence}"


def fence(text: str, language: str = "") -> tuple[str, tuple[str, ...], str]:
    """Several lines: what begins them, the lines, what ends them. Fewer lines are as safe."""
    body = harmless(text, lines=True).strip("\n")
    ticks = "`" * max(3, _ticks(body) + 1)
    return f"{ticks}{language}", tuple(map(_cut, body.split("\n"))), ticks


def _ticks(text: str) -> int:
    """How long the longest run of backticks is."""
    return max(map(len, _TICKS.findall(text)), default=0)


def _cut(line: str) -> str:
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}…"
