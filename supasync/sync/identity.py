"""Which server a database is on: whether a URL leads to production, whatever the URL says.

A server is known by the moment it was started, which it tells in microseconds. (The system
identifier would not do: a copied data folder has its original's, and so do servers that were made
from one image.) All databases of production's server are production: roles are the server's.
"""

from __future__ import annotations

import re

from supasync import sql
from supasync.errors import (
    ProductionGuard,
    Refused,
    SqlError,
    SupasyncError,
    TargetMoved,
    UnexpectedAnswer,
    UnknownError,
)
from supasync.ports import Database

ELSEWHERE = "SY003"
"""SQLSTATE our own statement raises when it runs on another server than the one that was seen."""

# A standby cannot be written, and what it tells says nothing about its primary.
_IDENTITY = (
    "case when not pg_catalog.pg_is_in_recovery() then"
    " (extract(epoch from pg_catalog.pg_postmaster_start_time()) * 1000000)::int8::text end"
)
_MICROSECONDS = re.compile(r"[0-9]+\Z")

QUERY = f"select {_IDENTITY}"


async def told_apart(target: Database, production: Database) -> str:
    """The target's server, which is not production's.

    The target is asked first: should production's server be restarted meanwhile, then either both
    answers are the same, or the `fence` finds a server that is not the one that was asked.
    Raises: ProductionGuard, Refused for a standby, UnknownError when production does not tell;
    then nobody knows what the target is.
    """
    found = await _read(target)
    if found is None:
        raise Refused(
            f"{target.name} is a standby, which cannot be written",
            remedy="Name the primary server in the URL.",
        )
    try:
        main = await _read(production)
    except SupasyncError as error:
        raise UnknownError(
            f"It could not be found out whether {target.name} is production: {error.message}",
            remedy=error.remedy or "Run the command again when production answers.",
        ) from error
    if main is None:
        raise UnknownError(f"It could not be found out whether {target.name} is production")
    if found == main:
        raise ProductionGuard(f"{target.name} is production; production is never a target")
    return found


def fence(server: str) -> str:
    """SQL that goes before a write: a URL may lead to another server at each connection.

    server: the one that `told_apart` has seen.
    """
    body = (
        f"\nbegin\n  if ({_IDENTITY}) is distinct from {sql.literal(server)} then\n"
        f"    raise exception using errcode = '{ELSEWHERE}', message = 'this is another server';\n"
        "  end if;\nend"
    )
    return f"do {sql.dollar(body)};\n"


def understood(error: SqlError, target: str) -> SupasyncError:
    """What a fenced write's error means: `error` itself, or what the fence says."""
    if error.sqlstate != ELSEWHERE:
        return error
    return TargetMoved(
        f"{target}: the server was restarted, or the URL leads to another one by now; "
        "nothing was done",
        remedy="Run the command again: it looks first whether that is production.",
    )


async def _read(database: Database) -> str | None:
    """Raises: UnexpectedAnswer, SqlError, UnknownError."""
    answer = await database.fetch(QUERY)
    if answer is not None and not _MICROSECONDS.match(answer):
        raise UnexpectedAnswer(f"{database.name} did not tell when its server was started")
    return answer
