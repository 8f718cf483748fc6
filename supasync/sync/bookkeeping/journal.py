"""What a run has done to a branch, written in the same transaction as the doing.

A write whose answer got lost is settled by reading: wait for the transaction under way, look for
its journal row and, if there is none, move the fencing token on, so that the lost request can no
longer do anything should it still arrive.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

from supasync import sql
from supasync.errors import OutcomeUnknown, SqlError, SupasyncError, UnexpectedAnswer
from supasync.events import Notice
from supasync.ports import Database, WritableDatabase
from supasync.sync import bookkeeping
from supasync.sync.bookkeeping import again
from supasync.sync.bookkeeping.lease import Lease, understood
from supasync.sync.context import Run

T = TypeVar("T")

GRACE_SECONDS = 15
"""How long an interrupted run waits to learn what came of its last write."""

_NO_TABLE = "42P01"
_WHAT = {
    "apply": "the schema change",
    "undo": "the undo",
    "data": "the copy of rows",
    "seed": "the seed",
    "drill": "the healing of a drill",
}


def entry(run: Run, kind: str, *, source: str, target: str) -> str:
    """SQL that goes at the end of a write. source, target: SQL text expressions."""
    return (
        "insert into supasync.journal (run_id, kind, source_fingerprint, target_fingerprint)\n"
        f"values ({sql.literal(run.id)}, {sql.literal(kind)}, {source}, {target});\n"
    )


def once(run: Run, kind: str) -> str:
    """SQL that goes before a write, after the fence: something in between may deliver it twice."""
    return (
        "do $once$ begin\n"
        f"  if {_written(run, kind)} then\n"
        f"    raise exception using errcode = '{bookkeeping.DONE_BEFORE}',\n"
        "      message = 'this run has done this before';\n"
        "  end if;\n"
        "end $once$;\n"
    )


def _written(run: Run, kind: str) -> str:
    return (
        "exists (select from supasync.journal"
        f" where run_id = {sql.literal(run.id)} and kind = {sql.literal(kind)})"
    )


async def settle(database: WritableDatabase, run: Run, lease: Lease, kind: str) -> bool:
    """True when the write `kind` of this run was committed; else it never will be.

    Raises: OutcomeUnknown, LeaseHeld, UnknownError.
    """
    text = bookkeeping.TAKE_WRITE_LOCK + (
        "with fenced as (\n"
        f"  update supasync.lease set token = {lease.moved_on}"
        f" where run_id = {sql.literal(run.id)} returning token\n"
        f") select json_build_object('token', token, 'written', {_written(run, kind)})::text"
        ' from fenced union all select \'{"token": null, "written": null}\''
        " where not exists (select from fenced);\n"
    )
    # Sent twice, or late, it moves the token on once.
    row = await again.idempotent(database, text, lambda it: again.row(it, "token", "written"))
    if row["token"] is None:
        error = SqlError("the lease is gone", sqlstate=bookkeeping.LEASE_LOST)
        raise understood(error, database.name)
    lease.refenced(int(row["token"]))
    return bool(row["written"])


async def exactly_once(
    write: Callable[[], Awaitable[T]],
    database: WritableDatabase,
    run: Run,
    lease: Lease,
    kind: str,
    *,
    committed: Callable[[], None] = lambda: None,
) -> T | None:
    """Does `write`, which begins with `once` and makes the entry `kind`. None: it was committed,
    but its answer was lost. committed: called when it is known to have been, also when something
    else goes wrong then.

    Raises: what `write` raises, LeaseHeld when the fence refused it, OutcomeUnknown when its
    answer was lost twice and it was not committed. Interrupted, it tells first what came of it.
    """
    try:
        for last in (False, True):
            try:
                answer = await write()
            except SqlError as error:
                if error.sqlstate != bookkeeping.DONE_BEFORE:
                    raise understood(error, database.name) from error
            except (OutcomeUnknown, UnexpectedAnswer):
                if not await settle(database, run, lease, kind):
                    if last:
                        raise
                    continue
            else:
                committed()
                return answer
            committed()
            return None
    except asyncio.CancelledError:
        if await _tell(database, run, lease, kind):
            committed()
        raise
    return None


async def _tell(database: WritableDatabase, run: Run, lease: Lease, kind: str) -> bool:
    """The request that was interrupted may still be carried out: settles it, and says so.

    Returns whether it is known to be committed.
    """
    written = False
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
    return written


@dataclass(frozen=True, kw_only=True)
class Written:
    """The newest write of a kind to a branch. age: seconds since then. source: of a schema change
    the fingerprint that was brought, of a seed the hash of its script."""

    kind: str
    run_id: str
    age: float
    source: str | None


async def newest(database: Database) -> dict[str, Written]:
    """By kind; none when no run has written here. Raises: SqlError, UnknownError."""
    query = """\
select coalesce(json_agg(json_build_object('kind', kind, 'run_id', run_id,
  'age', extract(epoch from clock_timestamp() - at), 'source', source_fingerprint)), '[]')::text
from (select distinct on (kind) * from supasync.journal order by kind, id desc) j"""
    try:
        answer = await database.fetch(query)
    except SqlError as error:
        if error.sqlstate == _NO_TABLE:
            return {}
        raise
    return {row["kind"]: Written(**row) for row in json.loads(answer or "[]")}
