"""The branch that a sync works on: found, created where the configuration says so, or reset."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from supasync import api
from supasync.config import Branch, Config
from supasync.errors import LossRefused, NotReady
from supasync.events import Notice, Waiting
from supasync.ports import Clock
from supasync.sync import creation, ready
from supasync.sync.arrival import Awaited, arrival
from supasync.sync.context import Run
from supasync.sync.creation import Wanted
from supasync.sync.job import Job
from supasync.sync.replay import Replay
from supasync.sync.strategy import Strategy


@dataclass(frozen=True, kw_only=True)
class Provision:
    """name: of the branch, as it was asked for."""

    name: str
    job: Job
    run: Run
    client: api.Client
    config: Config
    clock: Clock

    async def branch(self, listed: Sequence[api.Branch]) -> api.Branch:
        """Raises: UsageError, ProductionGuard, Refused and its kinds, NotReady, LeaseHeld,
        UnknownError."""
        settings = self.config.branches.get(self.name, Branch())
        if settings.create and not ready.meant(self.name, listed, self.config):
            return await self._created(settings, listed)
        found = ready.find(self.name, listed, self.config)
        if self.job.write and self.job.strategy is Strategy.RESET:
            return await self._reset(found)
        return found

    async def _created(self, settings: Branch, listed: Sequence[api.Branch]) -> api.Branch:
        if not (self.job.write and self.job.by_config):
            raise NotReady(
                f"{self.name} does not exist yet",
                remedy="`supasync branches sync` creates it, as [branches] has create = true.",
            )
        wanted = Wanted.of(self.name, settings)
        creation.check_free(wanted, listed, self.config)
        made = await creation.create(self.client, self.config.project.ref, wanted)
        self._tell(f"the branch was created ({made.project_ref})")
        return await self._arrived(made, Awaited())

    async def _reset(self, branch: api.Branch) -> api.Branch:
        if self.run.options.no_data_loss:
            raise LossRefused(
                f"{self.name}: a reset loses all rows",
                remedy="Run the command without --no-data-loss, or without --strategy reset.",
            )
        awaited = await Replay(client=self.client, branch=branch, run=self.run).reset()
        self._tell("the branch was reset to production's migrations")
        return await self._arrived(branch, awaited)

    async def _arrived(self, branch: api.Branch, awaited: Awaited) -> api.Branch:
        """The branch as it is once the platform has finished with it."""
        await arrival(
            self.name,
            self.client,
            self.config,
            clock=self.clock,
            tell=self._progress,
            awaited=awaited.for_sync(),
        )
        listed = await self.client.branches.list(self.config.project.ref)
        return ready.find(branch.project_ref, listed, self.config)

    def _tell(self, message: str) -> None:
        self.run.emit(Notice(branch=self.name, message=message))

    def _progress(self, message: str) -> None:
        self.run.emit(Waiting(branch=self.name, message=message))
