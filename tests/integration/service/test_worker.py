"""A job's work against the sandbox, when an earlier process began it and production went on."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from supasync import api, history
from supasync.api.clock import SystemClock
from supasync.history import History
from supasync.sandbox import Sandbox
from supasync.service.board import of_config
from supasync.service.jobs.port import Action, Request, Trigger
from supasync.service.worker import Ran, Worker
from supasync.sync.record import FileStore
from tests.integration.service.conftest import until
from tests.integration.service.test_detect import configured, opened

PUSH = Request(branch="testing", trigger=Trigger.PUSH)
RUN = "20260131T094501Z-5f1c9a2b"
"""Of a job: the same when it is taken up again."""


@pytest.fixture
def past(sandbox: Sandbox, tmp_path: Path) -> History:
    return history.opened(configured(sandbox, tmp_path).history, tmp_path, pytest.fail)


@pytest.fixture
def changes(sandbox: Sandbox) -> Iterator[Sandbox]:
    """The sandbox, whose tables `moved_…` are taken away at the end, on production and branch."""
    yield sandbox
    for url in (sandbox.main.db_url, sandbox.branches["testing"].db_url):
        execute(url, "drop table if exists public.moved_1, public.moved_2")


def execute(url: str, text: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(text.encode())


def worker(box: Sandbox, folder: Path, client: api.Client, past: History, ran: list[Ran]) -> Worker:
    config = configured(box, folder)
    return Worker(
        client=client,
        config=config,
        store=FileStore(folder),
        history=past,
        clock=SystemClock(),
        board=of_config(config, {}),
        ran=(ran.append,),
    )


async def test_a_dry_run_is_no_sync_to_tell_of(
    changes: Sandbox, past: History, tmp_path: Path
) -> None:
    heard: list[Ran] = []
    dry = Request(branch="testing", trigger=Trigger.MANUAL, action=Action.DRY_RUN)
    async with opened(changes) as client:
        work = worker(changes, tmp_path, client, past, heard)
        execute(changes.main.db_url, "create table public.moved_1 (id int primary key)")
        assert (await work(dry, RUN)).verdict == "OutOfSync"
        assert heard == []
        assert (await work(PUSH, RUN.replace("9a2b", "9a2c"))).succeeded
    assert [each.outcome for each in heard] == ["succeeded"]


async def test_a_job_that_made_its_change_and_finds_production_moved_on_syncs_anew(
    changes: Sandbox, past: History, tmp_path: Path
) -> None:
    """As after kill -9 between the change and the job's end, and a change of production then."""
    tries: list[Ran] = []
    async with opened(changes) as client:
        work = worker(changes, tmp_path, client, past, tries)
        execute(changes.main.db_url, "create table public.moved_1 (id int primary key)")
        assert (await work(PUSH, RUN)).succeeded
        execute(changes.main.db_url, "create table public.moved_2 (id int primary key)")
        result = await work(PUSH, RUN)
    assert (result.code, result.verdict) == (0, "Synced"), result
    assert [each.again for each in tries] == [False, False]
    assert result.run != RUN, "a run changes a branch's schema once"
    assert past.run(result.run).exit_code == 0
    execute(changes.branches["testing"].db_url, "select from public.moved_1, public.moved_2")


async def test_what_goes_wrong_while_a_job_is_interrupted_is_no_reason_to_try_again(
    changes: Sandbox, past: History, tmp_path: Path
) -> None:
    """As when the process ends and its threads are gone before the run's end could be recorded."""
    threads, tries = ThreadPoolExecutor(1), list[Ran]()
    asyncio.get_running_loop().set_default_executor(threads)
    async with opened(changes) as client, asyncio.timeout(20):
        work = worker(changes, tmp_path, client, past, tries)
        task = asyncio.create_task(work(PUSH, RUN))
        await until(lambda: getattr(work.progress.of("testing"), "phase", None))
        threads.shutdown()
        task.cancel()
        await asyncio.wait({task}, timeout=5)
        assert task.cancelled()
    assert tries == []
