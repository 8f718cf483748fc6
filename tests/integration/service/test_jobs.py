"""Durable jobs: bursts, turns, and what is left when a process ends."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest

from supasync.errors import UnknownError
from supasync.service.jobs import durable
from supasync.service.jobs.database import Place
from supasync.service.jobs.port import Request, Result, Status, Trigger
from tests.fix_sandbox import MakeDatabase
from tests.integration.service.conftest import DEBOUNCE, Open, Working, ended, until

PUSH = Request(branch="testing", trigger=Trigger.PUSH)
OTHER = Request(branch="feature/größe", trigger=Trigger.PUSH)
DRIFT = Request(branch="testing", trigger=Trigger.DRIFT)


async def test_a_burst_becomes_one_sync_and_each_delivery_knows_its_end(
    open_jobs: Open, working: Working
) -> None:
    working.go.set()
    async with open_jobs() as jobs:
        for n in range(8):
            assert await jobs.schedule(f"github:{n}", PUSH)
            assert not await jobs.schedule(f"github:{n}", PUSH)  # the same delivery
        await jobs.schedule("github:other", OTHER)
        found = [await ended(jobs, f"github:{n}") for n in range(8)]
        other = await ended(jobs, "github:other")
    assert sorted(branch for branch, _ in working.done) == ["feature/größe", "testing"]
    assert {job.result for job in found} == {working.result}
    assert all(job.succeeded and job.status is Status.ENDED for job in (*found, other))


async def test_what_has_ended_since_then(
    open_jobs: Open, open_shared: Open, working: Working
) -> None:
    working.result = Result(code=3, reason="no answer")
    for opened in (open_jobs, open_shared):
        working.go.set()
        async with opened() as jobs:
            assert await jobs.ended(0.0) == []
            await jobs.enqueue("drift:1", DRIFT)
            first = await ended(jobs, "drift:1")
            await jobs.enqueue("push:1", OTHER)
            second = await ended(jobs, "push:1")
            assert first.ended is not None
            assert second.ended is not None
            assert await jobs.ended(0.0) == [second, first]
            assert await jobs.ended(first.ended - 1) == [second, first]  # a file has whole seconds
            working.go.clear()
            await jobs.enqueue("drift:2", DRIFT)
            await until(lambda: len(working.begun) == 3)
            assert await jobs.ended(second.ended + 1) == []
            working.begun.clear()


async def test_one_at_a_time_of_a_branch_and_a_push_during_a_sync_is_not_lost(
    open_jobs: Open, working: Working
) -> None:
    async with open_jobs() as jobs:
        await jobs.enqueue("drift:1", DRIFT)
        await until(lambda: working.begun)
        await jobs.schedule("github:1", PUSH)
        await jobs.schedule("github:2", OTHER)
        await until(lambda: len(working.begun) == 2)  # the other branch does not wait
        await asyncio.sleep(2 * DEBOUNCE)
        job = await jobs.status("github:1")
        assert job is not None
        assert job.status is Status.WAITING
        assert [branch for branch, _ in working.begun] == ["testing", "feature/größe"]
        assert {each.branch for each in await jobs.open()} == {"testing", "feature/größe"}
        working.go.set()
        assert (await ended(jobs, "github:1")).succeeded
        assert await jobs.open() == []
    assert [branch for branch, _ in working.done].count("testing") == 2
    assert working.most == 1


async def test_what_a_process_left_is_taken_up_by_the_next_under_the_same_run_id(
    open_jobs: Open, working: Working
) -> None:
    async with open_jobs() as jobs:
        await jobs.enqueue("drift:1", DRIFT)
        await until(lambda: working.begun)
        await jobs.schedule("github:1", OTHER)
    assert working.done == []
    working.go.set()
    async with open_jobs() as jobs:
        assert (await ended(jobs, "drift:1")).succeeded
        assert (await ended(jobs, "github:1")).succeeded
    assert len(working.done) == 2
    assert working.begun[0] in working.done  # branch and run id


async def test_a_waiting_job_can_be_cancelled(open_jobs: Open, working: Working) -> None:
    async with open_jobs() as jobs:
        await jobs.enqueue("drift:1", DRIFT)
        await until(lambda: working.begun)
        await jobs.enqueue("drift:2", DRIFT)
        assert await jobs.cancel("drift:2")
        assert not await jobs.cancel("drift:1")
        assert not await jobs.cancel("drift:3")
        assert [job.id for job in await jobs.of("drift:")] == ["drift:1", "drift:2"]
        working.go.set()
        await ended(jobs, "drift:1")
        assert (await ended(jobs, "drift:2")).status is Status.CANCELLED
    assert len(working.done) == 1


async def test_a_failure_is_a_result(open_jobs: Open, working: Working) -> None:
    working.result = Result(code=5, verdict="OutOfSync", reason="it did not work")
    working.go.set()
    async with open_jobs() as jobs:
        await jobs.enqueue("drift:1", DRIFT)
        job = await ended(jobs, "drift:1")
    assert job.result == working.result
    assert not job.succeeded


async def test_what_waits_is_told_once_for_each_burst(
    working: Working, tmp_path: Path, make_database: MakeDatabase
) -> None:
    for url in (None, make_database()):
        place = Place(file=tmp_path / "jobs.sqlite", name="one", url=url)
        async with durable.opened(working, place, debounce=60) as jobs:
            for n in range(3):
                await jobs.schedule(f"github:{n}", PUSH)
            await jobs.schedule("github:other", OTHER)
            told = [(job.id, job.branch, job.status) for job in await jobs.open()]
        assert sorted(told) == [
            ("github:2", "testing", Status.WAITING),
            ("github:other", "feature/größe", Status.WAITING),
        ]


async def test_a_burst_that_was_taken_and_not_begun_is_begun_by_the_next(
    open_jobs: Open, working: Working, tmp_path: Path
) -> None:
    working.go.set()
    async with open_jobs():
        pass
    with closing(sqlite3.connect(tmp_path / "state" / "jobs.sqlite")) as store, store:
        row = ("github:1", "testing", "push", 1.0, "taken", "burst:cut-off")
        store.execute("insert into deliveries values (?, ?, ?, ?, ?, ?)", row)
    async with open_jobs() as jobs:
        assert (await ended(jobs, "github:1")).succeeded
    assert [branch for branch, _ in working.done] == ["testing"]


async def test_what_ended_long_ago_is_forgotten(
    open_jobs: Open, open_shared: Open, working: Working
) -> None:
    for opened in (open_jobs, open_shared):
        working.go.set()
        async with opened() as jobs:
            await jobs.schedule("github:1", PUSH)
            await jobs.enqueue("drift:1", DRIFT)
            await ended(jobs, "github:1")
            await ended(jobs, "drift:1")
            working.go.clear()
            working.begun.clear()
            await jobs.schedule("github:2", OTHER)
            await until(lambda: working.begun)
            await jobs.forget(time.time() - 60)
            assert await jobs.status("github:1") is not None
            await jobs.forget(time.time() + 60)
            assert await jobs.status("github:1") is None
            assert await jobs.of("drift:") == []
            assert [job.status for job in await jobs.open()] == [Status.RUNNING]


async def test_the_file_is_its_owners_and_says_nothing_but_names(
    open_jobs: Open, tmp_path: Path
) -> None:
    async with open_jobs() as jobs:
        await jobs.schedule("github:1", PUSH)
        modes = {file.stat().st_mode & 0o777 for file in (tmp_path / "state").iterdir()}
    assert modes == {0o600}


async def test_postgres_keeps_them_as_well(open_shared: Open, working: Working) -> None:
    async with open_shared() as jobs:
        await jobs.enqueue("drift:1", DRIFT)
        await until(lambda: working.begun)
    working.go.set()
    async with open_shared() as jobs:
        assert await jobs.schedule("github:1", OTHER)
        assert not await jobs.schedule("github:1", OTHER)
        assert (await ended(jobs, "drift:1")).succeeded
        assert (await ended(jobs, "github:1")).succeeded
        assert not await jobs.schedule("github:1", OTHER)
        assert not await jobs.cancel("github:1")


async def test_a_database_that_is_not_there(working: Working) -> None:
    url = "postgresql://somebody:a-password@127.0.0.1:1/jobs"
    with pytest.raises(UnknownError, match="database_url") as caught:
        async with durable.opened(working, Place(file=Path("x"), name="one", url=url), debounce=1):
            pass
    assert "a-password" not in str(caught.value)
