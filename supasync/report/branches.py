"""The platform's branches beside the configuration's, as a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console

from supasync.report import columns

_COLUMNS = {
    "name": "branch",
    "ref": "ref",
    "git_branch": "git branch",
    "status": "status",
    "persistent": "persistent",
    "configured": "configured",
}


def print_branches(rows: Sequence[Mapping[str, Any]], console: Console) -> None:
    """rows: as `supasync branches list --json` has them."""
    grid = columns.table(_COLUMNS.values(), console)
    for row in rows:
        grid.add_row(*(_cell(row[key]) for key in _COLUMNS))
    console.print(grid)


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "–" if value is None else str(value)
