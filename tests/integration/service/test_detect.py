"""What a look costs, and what it says when it cannot look."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import httpx
import psycopg
import pytest
from pydantic import SecretStr

from supasync import api
from supasync.api.clock import SystemClock
from supasync.config import Branch, Config, Project, Seed, Window
from supasync.config import Watch as WatchSettings
from supasync.events import Verdict
from supasync.ports import Clock
from supasync.sandbox import Sandbox
from supasync.service.board import Finding, of_config
from supasync.service.detect import Detector
from supasync.service.jobs.direct import DirectJobs
from supasync.service.jobs.port import Request, Result, Trigger
from supasync.service.watch import Watch
from supasync.service.worker import ONLY_REPORTED
from supasync.sync.record import FileStore
from tests.integration.service.conftest import Working
from tests.integration.test_rate_limit import JumpingClock

READ = "POST /v1/projects/{ref}/database/query/read-only"
LIST = "GET /v1/projects/{ref}/branches"


def configured(box: Sandbox, folder: Path) -> Config:
    return Config(
        project=Project(ref=box.main.ref, api_url=box.api_url),
        branches={"testing": Branch(), "preview": Branch()},
        file=folder / "config.toml",
    )


def opened(box: Sandbox, transport: httpx.AsyncBaseTransport | None = None) -> api.Client:
    return api.Client(
        api_url=box.api_url,
        token=SecretStr(box.access_token),
        production_ref=box.main.ref,
        transport=transport,
    )


def watching(client: api.Client, config: Config, jobs: DirectJobs, clock: Clock) -> Watch:
    assert config.file is not None
    return Watch(
        client=client,
        config=config,
        detector=Detector(client, config, FileStore(config.file.parent), clock),
        board=of_config(config, {}),
        queue=jobs,
        clock=clock,
    )


async def test_a_look_without_a_change_is_a_call_for_each_database(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    config = configured(sandbox, tmp_path)
    async with opened(sandbox) as client:
        detector = Detector(client, config, FileStore(tmp_path), SystemClock())
        listed = await client.branches.list(config.project.ref)
        first = await detector.look(listed)
        assert {finding.verdict for finding in first} == {Verdict.SYNCED}
        before = Counter(client.calls)
        again = await detector.look(await client.branches.list(config.project.ref))
        assert Counter(client.calls) - before == {LIST: 1, READ: 3}
    assert [finding.main for finding in again] == [finding.main for finding in first]


async def test_what_cannot_be_read_is_unknown(sandbox: Sandbox, tmp_path: Path) -> None:
    config = configured(sandbox, tmp_path)

    def refuse(request: httpx.Request) -> httpx.Response:
        assert request.url.path.endswith("/read-only")
        return httpx.Response(403, json={"message": "no"})

    async with opened(sandbox, httpx.MockTransport(refuse)) as client:
        findings = await Detector(client, config, FileStore(tmp_path), SystemClock()).look([])
    assert {finding.verdict for finding in findings} == {Verdict.UNKNOWN}
    assert all("production could not be read" in finding.reason for finding in findings)


async def test_a_failing_sync_is_not_begun_in_a_loop(
    sandbox: Sandbox, working: Working, tmp_path: Path
) -> None:
    config, clock = configured(sandbox, tmp_path), JumpingClock()
    working.result = Result(code=5, verdict="OutOfSync", reason="it did not work")
    working.go.set()
    jobs = DirectJobs(working, clock)
    async with opened(sandbox) as client:
        watch = watching(client, config, jobs, clock)

        async def looks(times: int) -> int:
            for _ in range(times):
                await watch.once()
                await jobs.settled()
                clock.ahead += config.watch.interval
            return len(working.done)

        with psycopg.connect(sandbox.branches["testing"].db_url, autocommit=True) as branch:
            assert await looks(1) == 0
            branch.execute("create table public.looped ()")
            try:
                assert await looks(5) == 1
                entry = watch.board.entry("testing")
                assert entry is not None
                assert entry.finding.objects == ("- table public.looped",)
                assert "this very change failed" in entry.waits
                branch.execute("alter table public.looped add column another int")
                assert await looks(3) == 1  # the same plan
                branch.execute("create table public.looped_too ()")
                assert await looks(3) == 2
            finally:
                branch.execute("drop table if exists public.looped, public.looped_too")
        assert await looks(1) == 2
    assert {name for name, _ in working.done} == {"testing"}


async def test_a_corrected_seed_ends_the_wait_after_it_has_failed(
    sandbox: Sandbox, working: Working, tmp_path: Path
) -> None:
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    (seeds / "1.sql").write_text("select 1;\n")
    (seeds / "2.sql").write_text("select wrong;\n")
    update = {"seed": Seed(paths=("seeds/*.sql",)), "branches": {"testing": Branch()}}
    config, clock = configured(sandbox, tmp_path).model_copy(update=update), JumpingClock()
    working.result = Result(code=7, verdict="OutOfSync", reason="the seed does not fit")
    working.go.set()
    jobs = DirectJobs(working, clock)
    async with opened(sandbox) as client:
        watch = watching(client, config, jobs, clock)

        async def looks() -> int:
            for _ in range(2):
                await watch.once()
                await jobs.settled()
                clock.ahead += config.watch.interval
            return len(working.done)

        with psycopg.connect(sandbox.branches["testing"].db_url, autocommit=True) as branch:
            branch.execute("create table public.seeded ()")
            try:
                assert await looks() == 1
                assert "or the seed changes" in watch.board.waits_for("testing")
                (seeds / "2.sql").unlink()
                assert await looks() == 2
                (seeds / "1.sql").write_text("select 2;\n")
                clock.ahead += config.watch.interval
                assert await looks() == 3
                assert await looks() == 3
            finally:
                branch.execute("drop table public.seeded")


async def test_a_branch_in_sync_whose_last_sync_had_no_answer_is_synced_ever_less_often(
    sandbox: Sandbox, working: Working, tmp_path: Path
) -> None:
    config, clock = configured(sandbox, tmp_path), JumpingClock()
    working.result = Result(code=3, verdict="Unknown", reason="no answer")
    working.go.set()
    jobs, tried = DirectJobs(working, clock), list[int]()
    async with opened(sandbox) as client:
        watch = watching(client, config, jobs, clock)
        await jobs.enqueue("github:1", Request(branch="testing", trigger=Trigger.PUSH))
        await jobs.settled()
        for interval in range(1, 11):
            clock.ahead += config.watch.interval
            if interval == 5:
                working.result = Result(code=0, verdict="Synced")
            before = len(working.done)
            await watch.once()
            await jobs.settled()
            tried += [interval] * (len(working.done) - before)
        entry = watch.board.entry("testing")
        assert entry is not None
        assert (entry.finding.verdict, entry.waits) == (Verdict.SYNCED, "")
    assert tried == [1, 2, 4, 8], "the last one was good"
    assert {name for name, _ in working.done} == {"testing"}


async def test_a_branch_is_looked_at_while_its_job_waits_but_not_told_what_a_run_knows_better(
    sandbox: Sandbox, working: Working, tmp_path: Path
) -> None:
    config, clock = configured(sandbox, tmp_path), JumpingClock()
    jobs, board, seen = DirectJobs(working, clock), of_config(config, {}), list[Finding]()
    proved = Finding(branch="testing", verdict=Verdict.SYNCED)

    def status() -> tuple[Verdict, str]:
        entry = board.entry("testing")
        assert entry is not None
        return entry.finding.verdict, entry.waits

    async with opened(sandbox) as client:
        watch = Watch(
            client=client,
            config=config,
            detector=Detector(client, config, FileStore(tmp_path), clock),
            board=board,
            queue=jobs,
            clock=clock,
            seen=seen.append,
        )

        def run(_listed: object) -> None:
            with board.running("testing"):
                board.ran(proved, None)

        await jobs.enqueue("github:1", Request(branch="testing", trigger=Trigger.PUSH))
        with psycopg.connect(sandbox.branches["testing"].db_url, autocommit=True) as branch:
            branch.execute("create table public.meanwhile ()")
            try:
                with board.running("testing"):
                    await watch.once()
                await replace(watch, learned=run).once()  # a run ends while it looks
                assert [each.branch for each in seen] == ["preview", "preview"]
                board.waits("testing", "no answer; again in 160 s")
                await watch.once()  # the job waits for its next try, or is another machine's
                assert status() == (Verdict.OUT_OF_SYNC, "no answer; again in 160 s")
                assert seen[-2].objects == ("- table public.meanwhile",)
            finally:
                branch.execute("drop table public.meanwhile")
        assert [job.id for job in await jobs.of("")] == ["github:1"], "one sync is enough"
        await jobs.aclose()


async def test_why_a_difference_is_not_synced_is_said_once(
    sandbox: Sandbox, working: Working, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", logger="supasync.service")
    clock, denied = JumpingClock(), WatchSettings(deny=(Window(cron="* * * * *", minutes=60),))
    branches = {"testing": Branch(), "preview": Branch(auto_sync_schema=False)}
    config = configured(sandbox, tmp_path).model_copy(
        update={"branches": branches, "watch": denied}
    )
    working.result = Result(code=3, reason="no answer")
    working.go.set()
    jobs, board = DirectJobs(working, clock), of_config(config, {})

    def said() -> list[tuple[str, str]]:
        return [
            (vars(each)["branch"], vars(each)["reason"])
            for each in caplog.records
            if each.message == "a sync waits"
        ]

    async with opened(sandbox) as client:
        watch = Watch(
            client=client,
            config=config,
            detector=Detector(client, config, FileStore(tmp_path), clock),
            board=board,
            queue=jobs,
            clock=clock,
        )
        with psycopg.connect(sandbox.main.db_url, autocommit=True) as main:
            main.execute("create table public.unsaid ()")
            try:
                await watch.once()
                await watch.once()
                closed = 'outside the sync windows: denied by "* * * * *" (UTC)'
                assert said() == [("testing", closed), ("preview", ONLY_REPORTED)]
                watch = replace(watch, config=config.model_copy(update={"watch": WatchSettings()}))
                for _ in range(3):
                    await watch.once()
                    await jobs.settled()
                [tried] = said()[2:]
                assert tried[1].startswith("tried once; again at 20")
            finally:
                main.execute("drop table public.unsaid")
    assert len(working.done) == 1
