"""What a run has done to a branch, written in the same transaction as the doing.

A write whose answer got lost is settled by reading: wait for the transaction under way, look for
its journal row and, if there is none, move the fencing token on, so that the lost request can no
longer do anything should it still arrive.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import TypeVar

from supasync import sql
from supasync.errors import OutcomeUnknown, SqlError, SupasyncError, UnexpectedAnswer
from supasync.events import Notice
from supasync.ports import WritableDatabase
from supasync.sync import bookkeeping
from supasync.sync.context import Run
from supasync.sync.lease import Lease, understood

T = TypeVar("T")

GRACE_SECONDS = 15
"""How long an interrupted run waits to learn what came of its last write."""

_WHAT = {"apply": "the schema change", "undo": "the undo", "seed": "the seed"}


def entry(run: Run, kind: str, *, source: str, target: str) -> str:
    """SQL that goes at the end of a write. source, target: SQL text expressions."""
    return (
        "insert into supasync.journal (run_id, kind, source_fingerprint, target_fingerprint)\n"
        f"values ({sql.literal(run.id)}, {sql.literal(kind)}, {source}, {target});\n"
    )


async def settle(database: WritableDatabase, run: Run, lease: Lease, kind: str) -> bool:
    """True when the write `kind` of this run was committed; else it never will be.

    Raises: OutcomeUnknown, LeaseHeld, UnknownError.
    """
    written = (
        "exists (select from supasync.journal"
        f" where run_id = {sql.literal(run.id)} and kind = {sql.literal(kind)})"
    )
    text = bookkeeping.TAKE_WRITE_LOCK + (
        "with fenced as (\n"
        "  update supasync.lease set token = token + 1"
        f" where run_id = {sql.literal(run.id)} returning token\n"
        f") select json_build_object('token', token, 'written', {written})::text from fenced;\n"
    )
    try:
        answer = await database.run(text)
    except OutcomeUnknown:
        answer = await database.run(text)  # only moves the token on once more
    if answer is None:
        error = SqlError("the lease is gone", sqlstate=bookkeeping.LEASE_LOST)
        raise understood(error, database.name)
    row = json.loads(answer)
    if not isinstance(row, dict) or "token" not in row:
        raise UnexpectedAnswer(f"{database.name}: the journal answered {answer[:80]}")
    lease.refenced(int(row["token"]))
    return bool(row["written"])


async def exactly_once(
    write: Callable[[], Awaitable[T]],
    database: WritableDatabase,
    run: Run,
    lease: Lease,
    kind: str,
) -> T | None:
    """Does `write`, which makes the entry `kind`, once. None: it was committed, but its answer
    was lost.

    Raises: what `write` raises, LeaseHeld when the fence refused it, OutcomeUnknown when its
    answer was lost twice and it was not committed. Interrupted, it tells first what came of it.
    """
    try:
        for last in (False, True):
            try:
                return await write()
            except SqlError as error:
                raise understood(error, database.name) from error
            except OutcomeUnknown:
                if await settle(database, run, lease, kind):
                    return None
                if last:
                    raise
    except asyncio.CancelledError:
        await _tell(database, run, lease, kind)
        raise
    return None


async def _tell(database: WritableDatabase, run: Run, lease: Lease, kind: str) -> None:
    """The request that was interrupted may still be carried out: settles it, and says so."""
    what = _WHAT.get(kind, kind)
    try:
        async with asyncio.timeout(GRACE_SECONDS):
            written = await settle(database, run, lease, kind)
    except (SupasyncError, TimeoutError) as failure:
        lease.abandon()
        told = f"whether {what} was committed could not be found out"
        if isinstance(failure, TimeoutError):
            told += f" within {GRACE_SECONDS} s"
    except asyncio.CancelledError:
        lease.abandon()
        raise
    else:
        told = f"{what} was committed" if written else f"{what} did not happen and never will"
    run.emit(Notice(branch=database.name, message=f"interrupted: {told}"))
