"""Lets the platform run production's migration history on a branch: all of it anew (reset), or what
the branch lacks (rebase, which the API calls push)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass

from supasync import api
from supasync.errors import (
    Forbidden,
    NotFound,
    NotReady,
    OutcomeUnknown,
    SqlError,
    UnknownError,
    UsageError,
)
from supasync.events import Notice
from supasync.sync.bookkeeping.lease import Lease
from supasync.sync.context import Run
from supasync.sync.lifecycle import states
from supasync.sync.lifecycle.arrival import Awaited

_SHOWN = 3


@dataclass(frozen=True, kw_only=True)
class Replay:
    """One run of the history. version: the last migration to run; None is the newest."""

    client: api.Client
    branch: api.Branch
    run: Run
    version: str | None = None

    async def reset(self) -> Awaited:
        """Start it; what to wait for then. All that is in no migration is lost.

        Raises: UsageError for a version that there is not, LeaseHeld while somebody syncs the
        branch, NotReady when it is paused, ApiError, OutcomeUnknown.
        """
        run_id = await self._start(self.client.branches.reset, anew=True)
        return Awaited(run_id=run_id, version=self.version, anew=True)

    async def rebase(self) -> Awaited:
        """As `reset`; nothing is lost but what the migrations drop or delete."""
        run_id = await self._start(self.client.branches.push, anew=False)
        return Awaited(run_id=run_id, version=self.version)

    async def _start(
        self, action: Callable[[str, str | None], Awaitable[str]], *, anew: bool
    ) -> str:
        if self.branch.is_paused:
            paused = states.PAUSED
            raise NotReady(f"{self.branch.name} {paused.told}", remedy=paused.remedy)
        await self._check_version()
        database = self.client.database(self.branch.project_ref, name=self.branch.name)
        async with AsyncExitStack() as stack:
            try:
                # Nobody's sync is cut off. What a lease leaves behind is a mark, too: once it is
                # gone, the database is another one.
                await stack.enter_async_context(Lease(database, self.run))
            except (UnknownError, SqlError) as error:
                message = f"it does not answer SQL, so nobody syncs it ({error.message})"
                self.run.emit(Notice(branch=self.branch.name, message=message))
            run_id = await self._once(action)
            if anew:
                stack.pop_all()  # the lease goes with the database
            return run_id

    async def _once(self, action: Callable[[str, str | None], Awaitable[str]]) -> str:
        """The platform's run. A lost answer is settled by looking for a run that is new."""
        before = await self._newest()
        try:
            return await action(self.branch.project_ref, self.version)
        except OutcomeUnknown:
            now = await self._newest()
            if now == before:
                raise
            return now

    async def _newest(self) -> str:
        """The id of the branch's last run; "" when there is none or it may not be seen."""
        try:
            runs = await self.client.actions.list(self.branch.project_ref)
        except (NotFound, Forbidden):
            return ""
        return runs[0].id if runs else ""

    async def _check_version(self) -> None:
        if self.version is None:
            return
        history = await self.client.migrations.list(self.branch.parent_project_ref)
        have = [migration.version for migration in history]
        if self.version not in have:
            last = f"The last ones are {', '.join(have[-_SHOWN:])}." if have else "It has none."
            raise UsageError(f"Production's history has no migration {self.version!r}", remedy=last)
