"""A job's work against the sandbox, when an earlier process began it and production went on."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from time import time

import psycopg
import pytest

from supasync import api, history
from supasync.api.clock import SystemClock
from supasync.config import Branch, Watch, Window
from supasync.events import LastSync
from supasync.history import Begun, History
from supasync.sandbox import Sandbox
from supasync.service import health
from supasync.service.attempts import HELD
from supasync.service.board import Board, of_config
from supasync.service.jobs.direct import DirectJobs
from supasync.service.jobs.port import Action, Request, Trigger
from supasync.service.worker import ONLY_REPORTED, PAUSES, Ran, Worker
from supasync.sync.record import FileStore
from tests.integration.service.conftest import Working, until
from tests.integration.service.test_detect import configured, opened, watching

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
        execute(url, DROP)


DROP = "drop table if exists public.moved_1, public.moved_2, public.moved_3"


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
    assert result.run == f"{RUN}-2", "a run changes a branch's schema once"
    assert past.run(result.run).exit_code == 0
    execute(changes.branches["testing"].db_url, "select from public.moved_1, public.moved_2")


async def test_a_push_to_a_branch_that_is_not_synced_by_itself_is_reported(
    changes: Sandbox, past: History, tmp_path: Path
) -> None:
    heard: list[Ran] = []
    async with opened(changes) as client:
        work = worker(changes, tmp_path, client, past, heard)
        by_hand = {"testing": Branch(auto_sync_schema=False)}
        work = replace(work, config=work.config.model_copy(update={"branches": by_hand}))
        result = await work(PUSH, RUN.replace("9a2b", "9a2f"))
    assert (result.code, result.verdict, result.held) == (0, "Synced", ONLY_REPORTED)
    assert [each.outcome for each in heard] == ["reported"]
    [kept] = past.runs("testing")
    assert (kept.run_id, kept.command, kept.trigger) == (result.run, "branches status", "push")
    assert (kept.verdict, kept.code, past.statistics().syncs) == ("Synced", 0, 0), "no sync ran"


async def test_a_push_outside_of_the_windows_is_said_to_wait(
    sandbox: Sandbox, past: History, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", logger="supasync.service")
    denied = Watch(deny=(Window(cron="* * * * *", minutes=60),))
    async with opened(sandbox) as client:
        work = worker(sandbox, tmp_path, client, past, [])
        work = replace(work, config=work.config.model_copy(update={"watch": denied}))
        assert (await work(PUSH, RUN)).code == HELD
    [said] = [each for each in caplog.records if each.message == "a sync waits"]
    assert "outside the sync windows" in vars(said)["reason"]


async def test_the_board_knows_that_a_run_is_under_way(
    changes: Sandbox, past: History, tmp_path: Path
) -> None:
    async with opened(changes) as client:
        work = worker(changes, tmp_path, client, past, [])
        doing = asyncio.create_task(work(PUSH, RUN.replace("9a2b", "9a2e")))
        await until(lambda: running(work.board))
        assert not doing.done()
        assert (await doing).succeeded
    assert not running(work.board)


def running(board: Board) -> bool:
    entry = board.entry("testing")
    assert entry is not None
    return entry.running


DIED = """
update supasync.lease
set run_id = '{run}', holder = 'a process that died', expires = clock_timestamp() + interval '1 h'
"""


async def test_a_following_run_that_was_killed_goes_on_under_its_own_id(
    changes: Sandbox, past: History, tmp_path: Path
) -> None:
    """It holds the branch's lease still: no other run would get it before it expires."""
    tries: list[Ran] = []
    branch, run = changes.branches["testing"], RUN.replace("9a2b", "9a2d")
    following = f"{run}-2"
    async with opened(changes) as client:
        work = worker(changes, tmp_path, client, past, tries)
        execute(changes.main.db_url, "create table public.moved_1 (id int primary key)")
        assert (await work(PUSH, run)).succeeded
        execute(changes.main.db_url, "create table public.moved_2 (id int primary key)")
        past.begin(Begun(id=following, command="branches sync", branches=("testing",), at=time()))
        execute(branch.db_url, DIED.format(run=following))
        async with asyncio.timeout(PAUSES[0]):
            result = await work(PUSH, run)
        assert (result.code, result.verdict, result.run) == (0, "Synced", following), result
        execute(changes.main.db_url, "create table public.moved_3 (id int primary key)")
        result = await work(PUSH, run)  # as after kill -9 when it had made its change, too
    assert (result.code, result.verdict, result.run) == (0, "Synced", f"{run}-3"), result
    execute(branch.db_url, "select from public.moved_1, public.moved_2, public.moved_3")


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


async def test_a_sync_by_somebody_else_ends_what_a_failure_here_has_left(
    changes: Sandbox, past: History, working: Working, tmp_path: Path
) -> None:
    config, failed = configured(changes, tmp_path), time() - 60
    last = LastSync(run_id=RUN, at=failed, verdict="Unknown", reason="no answer", code=3)
    board, jobs = of_config(config, {"testing": last}), DirectJobs(working, SystemClock())

    def health_here() -> health.Health:
        entry = board.entry("testing")
        assert entry is not None
        return health.of_entry(entry, running=False)

    async with opened(changes) as client:
        watching_here = watching(client, config, jobs, SystemClock())
        watch = replace(watching_here, board=board, synced=past.last_syncs)
        begun = Begun(id="at-work", command="branches sync", branches=("testing",), at=time())
        past.begin(begun)
        with board.running("testing"):  # or the look would begin a sync
            await watch.once()
        assert health_here() is health.Health.DEGRADED, "what runs elsewhere has not ended"
        theirs = worker(changes, tmp_path, client, past, [])
        assert (await theirs(PUSH, RUN.replace("9a2b", "9a2d"))).succeeded
        await watch.once()
        assert health_here() is health.Health.HEALTHY
    assert working.begun == [], "nothing is left to be made again"
