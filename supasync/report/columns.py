"""Tables as all reports have them."""

from __future__ import annotations

from collections.abc import Iterable

from rich import box
from rich.console import Console
from rich.table import Table


def table(columns: Iterable[str], console: Console) -> Table:
    """A table with these headings; without lines when the output is no terminal."""
    grid = Table(
        box=box.SIMPLE_HEAD if console.is_terminal else None,
        show_edge=False,
        pad_edge=False,
        header_style="bold",
    )
    for name in columns:
        grid.add_column(name, no_wrap=True)
    return grid
