"""A statement put together on the server: of what a database does not have, nothing is planned.

Planning is most of what a query over sixty catalogs costs where most of them are empty.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeAlias

from supasync.sql import dollar

Pieces: TypeAlias = list[tuple[str | None, str]]
"""A text in pieces, each with the SQL condition under which it is said; None: always."""

Guard: TypeAlias = Callable[[str], str]
"""From the name of a catalog to the condition that it has rows."""

PLACE = "\0"
"""Stands in a text for what its pieces come between. SQL cannot have it."""


def around(text: str, pieces: Pieces) -> Pieces:
    """The pieces in the place that `text` has for them."""
    head, tail = text.split(PLACE)
    return [(None, head), *pieces, (None, tail)]


def expression(pieces: Iterable[tuple[str | None, str]]) -> str:
    """A text expression in plpgsql: what EXECUTE takes."""
    said = (
        dollar(text) if guard is None else f"case when {guard} then {dollar(text)} end"
        for guard, text in pieces
    )
    return f"array_to_string(array[{', '.join(said)}], '')"
