"""What differs between production and branches, for people and as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from rich.console import Console
from rich.text import Text

from supasync.parity import Row, State
from supasync.report import wording

_MARKS = {
    State.SAME: ("=", "dim", "same"),
    State.DIFFERENT: ("~", "yellow", "different"),
    State.CANNOT_SEE: ("?", "red", "cannot be seen"),
}
"""Mark, style and word."""


def to_json(name: str, ref: str, rows: Sequence[Row]) -> dict[str, Any]:
    counts = Counter(row.state for row in rows)
    return {
        "name": name,
        "ref": ref,
        "counts": {str(state): counts[state] for state in State},
        "rows": [asdict(row) for row in rows],
    }


def print_parity(branches: Mapping[str, Sequence[Row]], console: Console, *, same: bool) -> None:
    """same: also the rows that are."""
    for name, rows in branches.items():
        console.print(Text(name, style="bold").append(f"  {_counted(rows)}", style="not bold"))
        for aspect in dict.fromkeys(row.aspect for row in rows):
            _print_aspect(aspect, [row for row in rows if row.aspect == aspect], console, same=same)
        console.print()


def _print_aspect(aspect: str, rows: Sequence[Row], console: Console, *, same: bool) -> None:
    whole = next((row for row in rows if not row.name), None)
    told = f"  {_counted(rows)}" if whole is None else f"  {whole.main}".rstrip()
    console.print(Text(f"  {aspect}{told}"), soft_wrap=True)
    for row in rows:
        if row.state is not State.SAME or (same and row.name):
            console.print(_line(row), soft_wrap=True)


def _line(row: Row) -> Text:
    mark, style, _ = _MARKS[row.state]
    parts = [f"{row.name}: " if row.name else ""]
    if row.name and row.state is State.SAME:
        parts.append(row.main)
    elif row.name:
        parts.append(f"main {row.main}, branch {row.branch}")
    if row.reason:
        parts.append(f" ({row.reason})" if row.name else f"cannot be seen: {row.reason}")
    return Text(f"    {mark} ", style=style).append(wording.harmless("".join(parts)))


def _counted(rows: Sequence[Row]) -> str:
    """`41 same, 2 different`; an aspect that cannot be seen counts as one."""
    counts = Counter(row.state for row in rows)
    return ", ".join(f"{counts[state]} {_MARKS[state][2]}" for state in State if counts[state])
