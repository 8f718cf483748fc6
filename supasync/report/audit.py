"""The log of what was sent to production, as a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table

from supasync.report.wording import harmless


def print_log(rows: Sequence[Mapping[str, Any]], console: Console) -> None:
    """rows: as `supasync audit show --json` has them."""
    grid = Table(
        box=box.SIMPLE_HEAD if console.is_terminal else None,
        show_edge=False,
        pad_edge=False,
        header_style="bold",
    )
    for title in ("line", "at", "project", "query", "sha256"):
        grid.add_column(title, no_wrap=True)
    for row in rows:
        if row["query"] is None:
            grid.add_row(str(row["line"]), "–", "–", "not an entry of this log", "–")
        else:
            at = str(row["at"]).replace("T", " ").partition(".")[0]
            query = harmless(row["query"])
            grid.add_row(str(row["line"]), at, row["project"], query, row["sha256"][:16])
    console.print(grid)
