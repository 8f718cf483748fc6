"""How branches come and go: a fresh project, then main's migration history replayed.

What was changed on main by hand is in no history, and so on no branch. That, and that a branch
reads ACTIVE_HEALTHY before its tables have arrived, is as on the platform.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Final

from supasync.errors import SandboxError
from supasync.sandbox import baseline, history
from supasync.sandbox.instance import Instance
from supasync.sandbox.records import Record, Run, Step, StepName, StepStatus
from supasync.sandbox.registry import Registry
from supasync.sandbox.sqlapi.failure import Failure

STEPS: Final[tuple[StepName, ...]] = (
    "clone",
    "pull",
    "health",
    "configure",
    "migrate",
    "seed",
    "deploy",
)


@dataclass
class Branching:
    """delay: seconds between a branch's ACTIVE_HEALTHY and its migrations, by the sandbox's clock.

    On the platform they are 40 to 50.
    """

    registry: Registry
    delay: float = 0.3

    def __post_init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()
        self._busy: dict[str, asyncio.Lock] = {}
        self._baseline = asyncio.Lock()

    def create(self, record: Record) -> Run:
        """Enter the branch and build it in the background."""
        run, build = self._entered(record)
        self._start(build)
        return run

    async def created(self, record: Record) -> Run:
        """Enter the branch and build it now, without the delay."""
        run, build = self._entered(record, delay=0)
        await build
        return run

    def _entered(
        self, record: Record, delay: float | None = None
    ) -> tuple[Run, Coroutine[None, None, None]]:
        record.created_at = self.registry.clock.stamp()
        self.registry.state.branches.append(record)
        run = self._new_run(record)
        return run, self._build(record, run, first=True, delay=delay)

    def reset(self, record: Record, version: str | None) -> Run:
        """Build the branch anew, up to a migration; what else was on it is lost."""
        run = self._new_run(record)
        self._start(self._build(record, run, version))
        return run

    def push(self, record: Record, version: str | None) -> Run:
        """Run main's migrations, up to a version, that the branch's history does not have."""
        run = self._new_run(record)
        self._start(self._push(record, run, version))
        return run

    def merge(self, record: Record, version: str | None) -> Run:
        """Run the branch's migrations, up to a version, that main's history does not have."""
        run = self._new_run(record)
        self._start(self._merge(record, run, version))
        return run

    async def delete(self, record: Record) -> None:
        async with self._lock(record):
            self.registry.state.branches.remove(record)
            self.registry.save()  # first: a folder that nobody knows is swept at the next start
            await self.registry.discard(record)

    async def settled(self) -> None:
        """Wait until nothing is being built."""
        while self._tasks:
            await asyncio.gather(*self._tasks)

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _new_run(self, record: Record) -> Run:
        at = self.registry.clock.stamp()
        steps = [Step(name, created_at=at, updated_at=at) for name in STEPS]
        run = Run(record.branch_id, steps, created_at=at, updated_at=at)
        record.runs.append(run)
        record.touch(at)
        self.registry.save()
        return run

    def _start(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _lock(self, record: Record) -> asyncio.Lock:
        return self._busy.setdefault(record.ref, asyncio.Lock())

    async def _build(
        self,
        record: Record,
        run: Run,
        version: str | None = None,
        *,
        first: bool = False,
        delay: float | None = None,
    ) -> None:
        async with self._lock(record), self._recorded(record, run):
            record.status, record.project_status = "CREATING_PROJECT", "COMING_UP"
            self._step(run, "clone", "RUNNING")
            self.registry.save()  # a crash from here on leaves what has to be made again
            instance = await self.registry.make(record)
            if first:
                await self._pull()
            self._prepared(run)
            record.status, record.project_status = "RUNNING_MIGRATIONS", "ACTIVE_HEALTHY"
            self.registry.save()
            await self.registry.clock.sleep(self.delay if delay is None else delay)
            await self._migrate(self.registry.main, instance, run, version)

    async def _pull(self) -> None:
        async with self._baseline:
            await baseline.ensure(self.registry.main)

    async def _push(self, record: Record, run: Run, version: str | None) -> None:
        async with self._lock(record), self._recorded(record, run):
            record.status = "RUNNING_MIGRATIONS"
            self._prepared(run)
            branch = self._instance(record)
            await self._migrate(self.registry.main, branch, run, version)

    async def _merge(self, record: Record, run: Run, version: str | None) -> None:
        main = self.registry.state.main
        async with self._lock(record), self._lock(main), self._recorded(main, run):
            main.status = "RUNNING_MIGRATIONS"
            self._prepared(run)
            branch = self._instance(record)
            await self._migrate(branch, self.registry.main, run, version)

    def _instance(self, record: Record) -> Instance:
        found = self.registry.find(record.ref)
        if found is None:
            raise SandboxError("The branch was deleted meanwhile.", remedy="Create it again.")
        return found

    def _prepared(self, run: Run) -> None:
        for step in ("clone", "pull", "health", "configure"):
            self._step(run, step, "EXITED")

    async def _migrate(
        self, source: Instance, target: Instance, run: Run, version: str | None
    ) -> None:
        self._step(run, "migrate", "RUNNING")
        await _replay(source, target, run, version)
        for step in ("migrate", "seed", "deploy"):
            self._step(run, step, "EXITED")
        target.record.status = "FUNCTIONS_DEPLOYED"

    @asynccontextmanager
    async def _recorded(self, record: Record, run: Run) -> AsyncIterator[None]:
        """The run and the branch's status show what went wrong; later steps stay CREATED."""
        try:
            yield
        except (Failure, SandboxError) as error:
            run.log.append(error.message)
            for step in run.steps:
                if step.status == "RUNNING":
                    self._step(run, step.name, "DEAD")
            record.status = "MIGRATIONS_FAILED"
            if record.project_status == "COMING_UP":
                record.project_status = "INIT_FAILED"
        finally:
            record.touch(self.registry.clock.stamp())
            self.registry.save()

    def _step(self, run: Run, name: StepName, status: StepStatus) -> None:
        run.updated_at = self.registry.clock.stamp()
        for step in run.steps:
            if step.name == name:
                step.status, step.updated_at = status, run.updated_at


async def _replay(source: Instance, target: Instance, run: Run, version: str | None) -> None:
    """The source's history in the order of versions, leaving out what the target has; rows are
    copied.

    A row without statements is recorded and nothing is run: nobody knows what it did.
    """
    have = {row.version for row in await history.rows(target)}
    for row in await history.rows(source):
        if row.version in have or (version is not None and row.version > version):
            continue
        run.log.append(f"Applying migration {row.version}_{row.name or ''}")
        # The key belongs to the request that was made on the source.
        await history.apply(target, replace(row, idempotency_key=None))
