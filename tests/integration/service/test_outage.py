"""A branch whose schema was synced while Auth was away, so that its test users were not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from pydantic import SecretStr

from supasync import api, history
from supasync.config import Branch, Config, TestUser
from supasync.events import Verdict
from supasync.sandbox import Sandbox
from supasync.service.board import Entry, of_config
from supasync.service.detect import Detector
from supasync.service.jobs.direct import DirectJobs
from supasync.service.jobs.port import Job
from supasync.service.watch import Watch
from supasync.service.worker import Worker
from supasync.sync.record import FileStore
from tests.integration.service.test_detect import configured
from tests.integration.test_rate_limit import JumpingClock

USER = TestUser(email="outage@example.test", role="crew", login="magic_link")
TABLE = "public.made_in_the_outage"


@pytest.fixture
def outage(sandbox: Sandbox) -> Iterator[Sandbox]:
    """Auth answers nobody, and production has a table more."""
    sandbox.add_fault("* /auth/v1/**", status=503)
    execute(sandbox.main.db_url, f"create table {TABLE} ()")
    yield sandbox
    sandbox.clear_faults()
    execute(sandbox.main.db_url, f"drop table {TABLE}")
    branch = sandbox.branches["testing"].db_url
    execute(branch, f"drop table {TABLE}; delete from auth.users where email = '{USER.email}'")


def execute(url: str, text: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(text.encode())


class Service:
    """A watch and its jobs, as `supasync watch` has them, in a time that jumps."""

    def __init__(self, box: Sandbox, folder: Path, client: api.Client, clock: JumpingClock) -> None:
        self.config = with_a_user(box, configured(box, folder))
        store = FileStore(folder)
        past = history.opened(self.config.history, folder, pytest.fail)
        self.board = of_config(self.config, past.last_syncs())
        self.clock = clock
        worker = Worker(
            client=client,
            config=self.config,
            store=store,
            history=past,
            clock=clock,
            board=self.board,
        )
        self.jobs = DirectJobs(worker, clock)
        self.watch = Watch(
            client=client,
            config=self.config,
            detector=Detector(client, self.config, store, clock),
            board=self.board,
            queue=self.jobs,
            clock=clock,
        )

    async def look(self) -> list[Job]:
        """One look after an interval, until what it began is over. The jobs by then."""
        self.clock.ahead += self.config.watch.interval
        await self.watch.once()
        await self.jobs.settled()
        return await self.jobs.of("")

    @property
    def testing(self) -> Entry:
        entry = self.board.entry("testing")
        assert entry is not None
        return entry


def with_a_user(box: Sandbox, config: Config) -> Config:
    ref, url = box.main.ref, box.main.project_url
    project = config.project.model_copy(update={"project_url": url.replace(ref, "{ref}")})
    return config.model_copy(
        update={
            "project": project,
            "test_users": (USER,),
            "branches": {"testing": Branch(), "preview": Branch(auto_sync_schema=False)},
        }
    )


async def test_a_sync_that_an_outage_cut_short_is_made_again_when_it_is_over(
    outage: Sandbox, tmp_path: Path
) -> None:
    clock = JumpingClock()
    async with api.Client(
        api_url=outage.api_url,
        token=SecretStr(outage.access_token),
        production_ref=outage.main.ref,
        clock=clock,
    ) as client:
        service = Service(outage, tmp_path, client, clock)
        [cut] = await service.look()
        assert cut.result is not None
        assert (cut.result.code, cut.branch) == (3, "testing")
        assert service.testing.last_sync is not None
        assert service.testing.last_sync.failed == "users"
        await service.watch.once()
        assert service.testing.finding.verdict is Verdict.SYNCED
        assert "tried once; again at" in service.testing.waits

        outage.clear_faults()
        again = Service(outage, tmp_path, client, clock)  # a process that has only the history
        [mended] = await again.look()
        assert mended.succeeded
        assert again.testing.last_sync is not None
        assert again.testing.last_sync.good
        assert await again.look() == [mended], "there is nothing left to do"
