"""A lease on a branch: two syncs of the same branch never interleave.

A row of `supasync.lease` names the holder and carries a fencing token that grows with every
acquisition; a run that goes on after it was interrupted acquires it anew. Each write checks the
token in its own transaction, so a holder that was overtaken (its lease expired) cannot write any
more, however late its request arrives.
"""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Self

from supasync import sql
from supasync.errors import (
    LeaseHeld,
    NotReady,
    OutcomeUnknown,
    SqlError,
    SupasyncError,
    UnexpectedAnswer,
    UnknownError,
)
from supasync.events import Notice
from supasync.ports import Database, WritableDatabase
from supasync.sync import bookkeeping
from supasync.sync.bookkeeping import again
from supasync.sync.context import Run

SECONDS = 180
"""How long a lease lasts: longer than any single call (60 s) and what surrounds it."""

_RELEASE_SECONDS = 10
_RELEASED = "'-infinity'"
"""Nobody holds it, whatever is done to the server's clock."""
_LOCK_TIMEOUT = "55P03"
_SHUTDOWN = "57P0"  # SQLSTATEs 57P01 to 57P05 (PostgreSQL, Appendix A)


class Lease:
    """Held between `async with` entry and exit. Raises LeaseHeld on entry."""

    def __init__(self, database: WritableDatabase, run: Run) -> None:
        self._database, self._run, self._branch = database, run, database.name
        self._request = secrets.token_hex(8)
        """Tells this acquisition from an earlier one of the same run."""
        self._token = 0
        self._renewed = 0.0
        self._abandoned = False

    async def __aenter__(self) -> Self:
        try:
            row = await self._acquire()
        except (OutcomeUnknown, UnexpectedAnswer, asyncio.CancelledError):
            await self._release()  # the request may have been carried out all the same
            raise
        if row["request"] != self._request:
            raise _held(self._branch, row)
        self._token = int(row["token"])
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._release()

    async def _release(self) -> None:
        """Gives the lease back. When that fails it ends by itself, so it is only told."""
        if self._abandoned:
            message = f"The lease was not released; it ends by itself within {SECONDS} s"
            self._run.emit(Notice(branch=self._branch, message=message))
            return
        try:
            async with asyncio.timeout(_RELEASE_SECONDS):
                await again.idempotent(
                    self._database, self._release_sql(), again.done, after=(UnknownError,)
                )
        except (SupasyncError, TimeoutError) as failure:
            message = f"The lease could not be released and ends by itself: {failure}"
            self._run.emit(Notice(branch=self._branch, message=message))

    @property
    def run_id(self) -> str:
        return self._run.id

    @property
    def holding(self) -> str:
        """A condition on `supasync.lease` that is true while this run holds it, and though it has
        expired, as long as nobody else took it."""
        own = f"run_id = {sql.literal(self._run.id)} and token = {self._token}"
        return f"{own} and expires > {_RELEASED}"

    def fence(self) -> str:
        """SQL that goes before a write: waits for earlier writes, checks and renews the lease."""
        return bookkeeping.TAKE_WRITE_LOCK + (
            "do $fence$ begin\n"
            f"  update supasync.lease set expires = {_expiry()} where {self.holding};\n"
            "  if not found then\n"
            f"    raise exception using errcode = '{bookkeeping.LEASE_LOST}',\n"
            "      message = 'another sync has taken this branch over';\n"
            "  end if;\n"
            "end $fence$;\n"
        )

    async def keep(self) -> None:
        """Renews the lease when half of its time is over. Raises LeaseHeld when it is lost."""
        if time.monotonic() - self._renewed < SECONDS / 2:
            return
        try:
            await again.idempotent(self._database, self.fence() + again.SAY_DONE, again.done)
        except SqlError as error:
            raise understood(error, self._branch) from error
        self._renewed = time.monotonic()

    @property
    def moved_on(self) -> str:
        """SQL for the token that shuts out the writes that were sent with the one of now."""
        return f"greatest(token, {self._token + 1})"

    def refenced(self, token: int) -> None:
        """The token was moved on by this run, to shut out a write of its own that got lost."""
        self._token = token

    def abandon(self) -> None:
        """There is no time to wait for an answer any more: the lease is left to end by itself."""
        self._abandoned = True

    async def _acquire(self) -> Mapping[str, Any]:
        """Asking twice is safe: who has it keeps it."""
        self._renewed = time.monotonic()
        return await again.idempotent(
            self._database,
            self._acquire_sql(),
            lambda answer: again.row(
                answer, "request", "holder", "token", "since", "expires", "now"
            ),
        )

    def _acquire_sql(self) -> str:
        own = ", ".join(map(sql.literal, (self._run.id, self._run.holder, self._request)))
        return (
            bookkeeping.TAKE_WRITE_LOCK
            + bookkeeping.CREATE
            + "insert into supasync.lease as held\n"
            "  (run_id, holder, request, token, since, expires)\n"
            f"values ({own}, 1, clock_timestamp(), {_expiry()})\n"
            "on conflict (only_row) do update set run_id = excluded.run_id,\n"
            "  holder = excluded.holder, request = excluded.request, expires = excluded.expires,\n"
            # The request may come twice, also late: it keeps what it has.
            "  token = held.token + (held.request is distinct from excluded.request)::int,\n"
            "  since = case when held.request = excluded.request then held.since\n"
            "    else excluded.since end\n"
            f"where case when held.request = excluded.request then held.expires > {_RELEASED}\n"
            # What is left of it from before it was interrupted.
            "  when held.run_id = excluded.run_id then true\n"
            "  else held.expires <= clock_timestamp()\n"
            # Longer than any lease lasts: the server's clock was set back.
            f"    or held.expires > {_expiry(2 * SECONDS)} end;\n"
            "select json_build_object('request', request, 'holder', holder, 'token', token,\n"
            "  'since', extract(epoch from since), 'expires', extract(epoch from expires),\n"
            "  'now', extract(epoch from clock_timestamp()))::text from supasync.lease;\n"
        )

    def _release_sql(self) -> str:
        return (
            bookkeeping.TAKE_WRITE_LOCK + "do $release$ begin\n"
            "  if to_regclass('supasync.lease') is not null then\n"
            f"    update supasync.lease set expires = {_RELEASED}"
            f" where request = {sql.literal(self._request)};\n"
            "  end if;\n"
            f"end $release$;\n{again.SAY_DONE}"
        )


async def has_been_here(database: Database) -> bool:
    """Whether a lease was taken since the database was made. Raises: SqlError, UnknownError."""
    return await database.fetch("select to_regclass('supasync.lease')::text") is not None


def understood(error: SqlError, branch: str) -> SupasyncError:
    """What a write's error means: `error` itself, LeaseHeld when it is our own fence that refused
    the write, NotReady when the server ended the session, which undoes the transaction."""
    if error.sqlstate.startswith(_SHUTDOWN):
        return NotReady(
            f"{branch}: the server ended the session ({error.message}); nothing was changed",
            remedy="Wait until it is up and run the command again.",
        )
    if error.sqlstate == _LOCK_TIMEOUT:
        return SqlError(
            f"{branch}: another session holds a lock for too long ({error.message})",
            sqlstate=error.sqlstate,
            line=error.line,
            column=error.column,
            detail=error.detail,
            hint=error.hint,
            context=error.context,
            remedy="Nothing was changed. End that session (pg_stat_activity, pg_blocking_pids() on "
            "the branch) or wait until it is finished; then run the command again.",
        )
    if error.sqlstate != bookkeeping.LEASE_LOST:
        return error
    return LeaseHeld(
        f"{branch}: another sync has taken this branch over; the write was refused",
        remedy="Wait until the other sync is finished, then run the command again.",
    )


def _expiry(seconds: int = SECONDS) -> str:
    return f"clock_timestamp() + interval '{seconds} s'"


def _held(branch: str, row: Mapping[str, Any]) -> LeaseHeld:
    since = datetime.fromtimestamp(float(row["since"]), UTC)
    expires = datetime.fromtimestamp(float(row["expires"]), UTC)
    ago = max(0, round(float(row["now"]) - float(row["since"])))
    return LeaseHeld(
        f"{branch} is being synced by {row['holder']} since {since:%H:%M:%S} UTC ({ago} s ago)",
        remedy="Wait until that sync is finished and run the command again. If its process is "
        f"dead, the lease ends by itself at {expires:%H:%M:%S} UTC.",
    )
