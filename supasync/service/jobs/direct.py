"""Jobs of one process that nobody has to remember: each is a task, and gone when the process is."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from dataclasses import replace

from supasync.ports import Clock
from supasync.service.jobs.port import Job, Request, Status, Work
from supasync.sync.context import new_run_id

_KEPT = 1000
"""Jobs that have ended, of which the oldest are forgotten."""


class DirectJobs:
    """The part of port.Jobs that `supasync watch` needs."""

    def __init__(self, work: Work, clock: Clock) -> None:
        self._work, self._clock = work, clock
        self._jobs: dict[str, Job] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def enqueue(self, id_: str, request: Request) -> None:
        if id_ in self._jobs:
            return
        self._jobs[id_] = Job(
            id=id_,
            status=Status.WAITING,
            created=self._clock.now(),
            branch=request.branch,
            trigger=request.trigger,
            action=request.action,
        )
        task = asyncio.create_task(self._do(id_, request))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def open(self) -> list[Job]:
        return [job for job in self._jobs.values() if job.open]

    async def of(self, prefix: str) -> list[Job]:
        return [job for id_, job in self._jobs.items() if id_.startswith(prefix)]

    async def ended(self, since: float) -> list[Job]:
        return [job for job in self._jobs.values() if job.ended is not None and job.ended > since]

    async def settled(self) -> None:
        """Returns when no job is open."""
        while self._tasks:
            await asyncio.gather(*self._tasks)

    async def aclose(self) -> None:
        """Interrupts what runs, and waits for it."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _do(self, id_: str, request: Request) -> None:
        async with self._turns[request.branch]:
            self._jobs[id_] = replace(self._jobs[id_], status=Status.RUNNING)
            result = await self._work(request, new_run_id())
            self._jobs[id_] = replace(
                self._jobs[id_], status=Status.ENDED, ended=self._clock.now(), result=result
            )
        over = [each for each, job in self._jobs.items() if not job.open]
        for each in over[:-_KEPT]:
            del self._jobs[each]
