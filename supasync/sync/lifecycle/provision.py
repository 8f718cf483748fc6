"""The branch that a sync works on: found, created where the configuration says so, or reset."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from supasync import api
from supasync.config import Branch, Config
from supasync.errors import NotReady
from supasync.events import Notice, Waiting
from supasync.ports import Clock
from supasync.sync.context import Run
from supasync.sync.job import Job
from supasync.sync.lifecycle import creation, ready
from supasync.sync.lifecycle.arrival import Awaited, arrival
from supasync.sync.lifecycle.creation import Wanted
from supasync.sync.lifecycle.replay import Replay


@dataclass(frozen=True, kw_only=True)
class Provision:
    """name: of the branch, as it was asked for. before: what has to hold before a branch is made
    for this section of the configuration; it raises."""

    name: str
    job: Job
    run: Run
    client: api.Client
    config: Config
    clock: Clock
    before: Callable[[str], Awaitable[None]]

    async def find(self, listed: Sequence[api.Branch]) -> api.Branch:
        """The branch, which is created when its section says so and there is none.

        Raises: UsageError, ProductionGuard, Refused, NotReady, ApiError, UnknownError.
        """
        settings = self.config.branches.get(self.name, Branch())
        if settings.create and not ready.meant(self.name, listed, self.config):
            return await self._created(settings, listed)
        find = ready.find_only if self.job.anew else ready.find
        return find(self.name, listed, self.config)

    async def reset(self, branch: api.Branch) -> api.Branch:
        """The branch as it is after it.

        Raises: NotReady, LeaseHeld, ApiError, UnknownError.
        """
        awaited = await Replay(client=self.client, branch=branch, run=self.run).reset()
        self._tell("the branch was reset to production's migrations")
        return await self._arrived(branch, awaited)

    async def _created(self, settings: Branch, listed: Sequence[api.Branch]) -> api.Branch:
        if not (self.job.write and self.job.by_config):
            raise NotReady(
                f"{self.name} does not exist yet",
                remedy=f"`supasync branches sync {self.name}` creates it: create = true.",
            )
        wanted = Wanted.of(self.name, settings)
        creation.check_free(wanted, listed, self.config)
        await self.before(self.name)
        made = await creation.create(self.client, self.config.project.ref, wanted)
        self._tell(f"the branch was created ({made.project_ref})")
        return await self._arrived(made, Awaited())

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
