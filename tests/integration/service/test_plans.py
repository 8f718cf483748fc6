"""What the page shows of a difference is read when it is asked for, and no oftener."""

from __future__ import annotations

import asyncio
from collections import Counter
from pathlib import Path

import psycopg

from supasync import api
from supasync.api.clock import SystemClock
from supasync.events import Summary
from supasync.sandbox import Sandbox
from supasync.service.detect import Detector
from supasync.service.page.plans import Plans
from supasync.sync import job, pipeline
from supasync.sync.context import Options, Run
from supasync.sync.record import FileStore
from tests.integration.service.test_detect import LIST, READ, configured, opened


async def test_a_branch_is_read_once_until_something_changes(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    config, store = configured(sandbox, tmp_path), FileStore(tmp_path)
    async with opened(sandbox) as client, Plans.opened(config, client, store) as plans:
        listed = await client.branches.list(config.project.ref)
        detector = Detector(client, config, store, SystemClock())
        with psycopg.connect(sandbox.branches["testing"].db_url, autocommit=True) as branch:
            branch.execute("create table public.planned (secret text default 'x')")
            try:
                [finding, _] = await detector.look(listed)
                first = await plans.of(finding)
                assert first is not None
                assert first.plan is not None
                assert 'drop table "public"."planned"' in first.plan.sql
                assert [hazard.name for hazard in first.plan.hazards] == ["data-loss"]
                before = Counter(client.calls)
                assert await plans.of(finding) is first
                assert Counter(client.calls) == before
            finally:
                branch.execute("drop table public.planned")
        [finding, _] = await detector.look(listed)
        then = await plans.of(finding)
        assert then is not None
        assert then.plan is not None
        assert then.plan.steps == ()


async def test_runs_side_by_side_count_their_own_requests(sandbox: Sandbox, tmp_path: Path) -> None:
    config = configured(sandbox, tmp_path)

    async def counted(client: api.Client, name: str) -> Counter[str]:
        summary = Summary()
        await pipeline.run_job(
            job.STATUS,
            [name],
            run=Run(emit=summary, options=Options(dry_run=True)),
            config=config,
            client=client,
            store=FileStore(tmp_path / name),
            seeds={},
        )
        return Counter(summary.calls)

    async with opened(sandbox) as client:
        await client.branches.list(config.project.ref)  # of no run
        one, other = await asyncio.gather(*(counted(client, name) for name in config.branches))
        assert one[LIST] == other[LIST] == 1
        assert min(one[READ], other[READ]) > 0
        assert one + other + Counter({LIST: 1}) == client.calls
