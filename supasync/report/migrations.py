"""Migrations and what is known of them, as JSON and for people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from supasync.report import wording

_STYLES = {
    "applied": "green",
    "unchecked": "",
    "pending": "yellow",
    "unrecorded": "yellow",
    "unknown": "yellow",
    "untrue": "red",
}
_MARKS = {"extra": "+", "missing": "-", "different": "~"}
_SHOWN = 40


def print_status(document: Mapping[str, Any], console: Console) -> None:
    """document: as `supasync migrations status --json` has it."""
    grid = Table(
        box=box.SIMPLE_HEAD if console.is_terminal else None,
        show_edge=False,
        pad_edge=False,
        header_style="bold",
    )
    for title in ("version", "name", "state", "recorded", "file"):
        grid.add_column(title, no_wrap=True)
    for row in document["migrations"]:
        grid.add_row(
            row["version"],
            wording.harmless(row["name"]),
            Text(row["state"], style=_STYLES[row["state"]]),
            "yes" if row["recorded"] else "no",
            _file(row),
        )
    if document["migrations"]:
        console.print(grid)
    for line in _lines(document):
        console.print(line, soft_wrap=True)


def print_captured(document: Mapping[str, Any], console: Console) -> None:
    """document: as `supasync migrations capture --json` has it."""
    if document["file"] is None:
        console.print("Nothing to capture: production is what its migrations make.")
    else:
        made = wording.count(len(document["steps"]), "change")
        console.print(Text(f"{document['file']}  {made}"), soft_wrap=True)
    if document["not_recorded"]:
        told = ", ".join(document["not_recorded"])
        console.print(Text(f"not recorded on production: {told}", style="yellow"), soft_wrap=True)
    for step in document["next"]:
        console.print(Text(f"→ {step}"), soft_wrap=True)


def _file(row: Mapping[str, Any]) -> str:
    if row["file"] is None:
        return "no"
    return "changed" if row["changed"] else "yes"


def _lines(document: Mapping[str, Any]) -> Iterator[Text]:
    for row in document["migrations"]:
        if row["reason"] or row["objects"]:
            told = row["reason"] or "production is not what it made"
            yield Text(f"{row['version']}: {wording.harmless(told)}")
        yield from _objects(row["objects"])
        if row["out_of_order"]:
            yield Text(f"{row['version']}: newer ones are recorded; db push wants --include-all")
    if document["drift"]:
        yield Text("On production, and in no migration:", style="bold")
        yield from _objects(document["drift"])
    yield Text(f"replayed on {document['replayed_on']}", style="dim")
    yield from (Text(f"→ {step}") for step in document["next"])


def _objects(objects: list[dict[str, str]]) -> Iterator[Text]:
    for each in objects[:_SHOWN]:
        told = f"  {_MARKS[each['how']]} {each['object']}"
        how = "" if each["how"] == "different" else f" ({each['how']})"
        yield Text(wording.harmless(told + how))
    if len(objects) > _SHOWN:
        yield Text(f"  … and {len(objects) - _SHOWN} more; --json shows all", style="dim")
