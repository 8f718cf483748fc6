"""Writes that may be carried out twice, and so are simply sent again when their fate is unknown."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from supasync.errors import OutcomeUnknown, UnexpectedAnswer, UnknownError
from supasync.ports import WritableDatabase

T = TypeVar("T")

_DONE = "done"
SAY_DONE = f"select '{_DONE}'::text;\n"
"""SQL that goes at the end of a write: what answers otherwise is not the branch's database."""


async def idempotent(
    database: WritableDatabase,
    text: str,
    understand: Callable[[str | None], T],
    *,
    after: tuple[type[UnknownError], ...] = (OutcomeUnknown, UnexpectedAnswer),
) -> T:
    """Sends a write, twice at most. understand: the answer's reading; raises UnexpectedAnswer.

    after: the errors after which it is sent again.
    Raises: OutcomeUnknown, UnexpectedAnswer, SqlError, UnknownError.
    """
    try:
        return understand(await database.run(text))
    except after:
        return understand(await database.run(text))


def done(answer: str | None) -> None:
    """Raises: UnexpectedAnswer when a write that ends in SAY_DONE answers something else."""
    if answer != _DONE:
        raise _not_the_database()


def row(answer: str | None, *keys: str) -> Mapping[str, Any]:
    """A JSON object that has the keys. Raises: UnexpectedAnswer."""
    try:
        found = json.loads(answer or "")
    except ValueError:
        raise _not_the_database() from None
    if not isinstance(found, dict) or not found.keys() >= {*keys}:
        raise _not_the_database()
    return found


def _not_the_database() -> UnexpectedAnswer:
    return UnexpectedAnswer(
        "A write to the branch was answered by something else than its database.",
        remedy="Check api_url and any proxy in between, then run the command again.",
    )
