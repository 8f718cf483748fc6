"""What a look and a sync had in hand is let go of as they end.

Objects that hold each other in a ring are only found by the garbage collector, which a process that
mostly waits seldom runs: until then their texts, megabytes in a sync of many branches, are kept.
"""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from supasync.api.clock import SystemClock
from supasync.catalog.listing import Listing
from supasync.config import Branch
from supasync.events import Summary
from supasync.sandbox import Sandbox
from supasync.service.detect import Detector
from supasync.sync import job, pipeline
from supasync.sync.context import Run
from supasync.sync.record import FileStore
from tests.integration.service.conftest import until
from tests.integration.service.test_detect import configured, opened

Left = Callable[[], Counter[str]]


@pytest.fixture
def left() -> Iterator[Left]:
    """Counts what is in rings, by type, since the last call: ours, and our requests."""

    def count() -> Counter[str]:
        gc.collect()
        names = Counter(f"{type(each).__module__}.{type(each).__name__}" for each in gc.garbage)
        gc.garbage.clear()
        return Counter({k: n for k, n in names.items() if k.startswith(("supasync.", "httpx."))})

    gc.collect()
    gc.disable()
    gc.set_debug(gc.DEBUG_SAVEALL)
    yield count
    gc.set_debug(0)
    gc.garbage.clear()
    gc.enable()


def listings() -> int:
    return sum(isinstance(each, Listing) for each in gc.get_objects())


async def test_no_ring_is_left_by_a_look_or_a_sync(
    sandbox: Sandbox, tmp_path: Path, left: Left
) -> None:
    config = configured(sandbox, tmp_path).model_copy(update={"branches": {"testing": Branch()}})
    store = FileStore(tmp_path)

    async with opened(sandbox) as client:

        async def synced() -> int:
            return await pipeline.run_job(
                job.SYNC,
                ["testing"],
                run=Run(emit=Summary()),
                config=config,
                client=client,
                store=store,
                seeds={},
            )

        detector = Detector(client, config, store, SystemClock())
        listed = await client.branches.list(config.project.ref)
        await detector.look(listed)
        left()
        before = listings()
        urls = (sandbox.main.db_url, sandbox.branches["testing"].db_url)
        main, branch = (psycopg.connect(url, autocommit=True) for url in urls)
        with main, branch:
            main.execute("create table public.ringed (id int primary key)")
            try:
                [found] = await detector.look(listed)
                assert found.objects, "it was planned for"
                assert not left()
                assert await synced() == 0
                assert not left()
                await detector.look(listed)  # both have changed
                # packed; a thread may hold what it packed for a moment longer
                await until(lambda: listings() == before, 5)
            finally:
                for each in (main, branch):
                    each.execute("drop table if exists public.ringed")
