"""What a second run of a seed changes, for people and as JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.text import Text

from supasync.report import wording


def print_check(branches: Sequence[Mapping[str, Any]], console: Console) -> None:
    """branches: as `supasync seed check --json` has them."""
    for branch in branches:
        same = branch["same"]
        head = Text(str(branch["name"]), style="bold")
        told = "a second run changes nothing" if same else "a second run changes rows"
        console.print(head.append(f"  {told}", style="green" if same else "red"))
        for table in branch["tables"]:
            console.print(Text(f"  {_line(table)}"), soft_wrap=True)


def _line(table: Mapping[str, Any]) -> str:
    rows = wording.count(table["rows"], "row")
    if not table["by_seed"]:
        what = f"{rows}, written by triggers or functions"
    elif table["missing"] or table["extra"]:
        what = f"{rows}; the second run makes {table['missing']} new or otherwise"
        what += f" and removes or changes {table['extra']}"
    else:
        what = f"{rows}, the same"
    if table["new_each_time"]:
        what += f"; new each time: {', '.join(table['new_each_time'])}"
    return wording.harmless(f"{'=' if table['same'] else '~'} {table['name']}  {what}")
