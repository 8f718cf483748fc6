"""Durable jobs whose work is the test's, in every store that there is."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from supasync.service.jobs import durable
from supasync.service.jobs.database import Place
from supasync.service.jobs.durable import DurableJobs
from supasync.service.jobs.port import Job, Request, Result
from tests.fix_sandbox import MakeDatabase

DEBOUNCE = 0.6
Open = Callable[[], AbstractAsyncContextManager[DurableJobs]]


@dataclass
class Working:
    """A jobs.port.Work that notes what it was asked, and waits where it is told to.

    most: of one branch at the same time.
    """

    done: list[tuple[str, str]] = field(default_factory=list)
    begun: list[tuple[str, str]] = field(default_factory=list)
    result: Result = field(default_factory=lambda: Result(code=0, verdict="Synced"))
    go: asyncio.Event = field(default_factory=asyncio.Event)
    most: int = 0
    _now: list[str] = field(default_factory=list)

    async def __call__(self, request: Request, run_id: str) -> Result:
        self.begun.append((request.branch, run_id))
        self._now.append(request.branch)
        self.most = max(self.most, self._now.count(request.branch))
        try:
            await self.go.wait()
        finally:
            self._now.remove(request.branch)
        self.done.append((request.branch, run_id))
        return self.result


async def until(condition: Callable[[], object], seconds: float = 20) -> None:
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110 -- of anything, also of another process
            await asyncio.sleep(0.02)


async def ended(jobs: DurableJobs, id_: str) -> Job:
    async with asyncio.timeout(20):
        while True:
            job = await jobs.status(id_)
            assert job is not None
            if not job.open:
                return job
            await asyncio.sleep(0.05)


@pytest.fixture
def working() -> Working:
    return Working()


@pytest.fixture
def open_jobs(working: Working, tmp_path: Path) -> Open:
    """`async with open_jobs() as jobs`, as often as a process begins anew."""
    place = Place(file=tmp_path / "state" / "jobs.sqlite", name="this")
    return lambda: durable.opened(working, place, debounce=DEBOUNCE)


@pytest.fixture
def open_shared(working: Working, make_database: MakeDatabase) -> Open:
    """The same in a PostgreSQL."""
    place = Place(file=Path("unused"), name="this", url=make_database())
    return lambda: durable.opened(working, place, debounce=DEBOUNCE)
