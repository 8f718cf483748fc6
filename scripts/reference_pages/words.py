"""Markdown from texts that were not written as such."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable, Sequence


def plain(text: str) -> str:
    """A docstring or help as Markdown: its paragraphs, outside of code without markup."""
    parts = re.split(r"(`[^`]*`)", inspect.cleandoc(text))
    return "".join(
        part if part.startswith("`") else re.sub(r"([<*_|\[\]])", r"\\\1", part) for part in parts
    )


def code(text: str) -> str:
    """In a table's cell."""
    return "`" + text.replace("|", "\\|") + "`"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines).replace("|  |", "| |")
