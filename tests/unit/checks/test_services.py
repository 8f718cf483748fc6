"""The platform's word on a branch's services, and what is done where it has none."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import respx

from supasync import api, catalog
from supasync.checks import services
from supasync.checks.environment import Branch, Production, Shared
from supasync.config import Branch as Settings
from supasync.config import Config, Project, Validation
from supasync.events import Health, Report
from supasync.sync.context import Run
from supasync.sync.counted import Counted
from supasync.sync.record import Memory, NoStore
from supasync.sync.source import Source
from tests.unit.api.conftest import audited, client, clock
from tests.unit.api.world import BRANCH, MAIN
from tests.unit.life.conftest import branch as row

__all__ = ["audited", "client", "clock"]

V1 = "https://api.supabase.com/v1"
KEYS = [{"name": "anon", "type": "legacy", "api_key": "anon-key"}]


@pytest.fixture
def platform() -> Iterator[respx.MockRouter]:
    with respx.mock(assert_all_called=False) as router:
        yield router


async def look(client: api.Client, *wanted: str) -> Report:
    config = Config(
        project=Project(ref=MAIN), validation=Validation(services=wanted), file=Path("c.toml")
    )
    run, scope = Run(emit=lambda _: None), catalog.scope("supabase")
    memory = Memory(NoStore(), scope="supabase", hard=True)
    shared = Shared(
        run=run,
        client=client,
        config=config,
        source=Source(run, Counted(client.production), scope, memory, key=MAIN),
        scope=scope,
        memory=memory,
        store=NoStore(),
        scripts={},
        history=(),
        production_log=Path("production.log"),
    )
    return await services.ON_BRANCH.look(Branch(Production(shared), "testing", row(), Settings()))


def says(platform: respx.MockRouter, *rows: dict[str, Any]) -> None:
    platform.get(f"{V1}/projects/{BRANCH}/health").respond(json=list(rows))


@pytest.mark.parametrize(
    ("row", "health", "words"),
    [
        ({"status": "ACTIVE_HEALTHY"}, Health.PASS, ""),
        ({"status": "UNHEALTHY", "error": "no disk"}, Health.FAIL, "auth is not healthy: no disk"),
        ({"status": "COMING_UP"}, Health.UNKNOWN, "auth is COMING_UP"),
        ({"status": "SOMETHING_NEW"}, Health.UNKNOWN, "auth is SOMETHING_NEW"),
    ],
)
async def test_the_platforms_word(client, platform, row, health, words):
    says(platform, {"name": "auth", "healthy": True, **row})
    report = await look(client, "auth")
    assert (report.health, [words] if words else []) == (
        health,
        [finding.message for finding in report.findings],
    )


async def test_no_word_on_one_of_them(client, platform):
    says(platform, {"name": "auth", "status": "ACTIVE_HEALTHY"})
    assert (await look(client, "auth", "storage")).health is Health.UNKNOWN


@pytest.mark.parametrize(
    ("auth", "rest", "health"),
    [(200, 200, Health.PASS), (200, 401, Health.PASS), (503, 200, Health.FAIL)],
)
async def test_where_the_platform_has_no_word_they_are_asked(client, platform, auth, rest, health):
    platform.get(f"{V1}/projects/{BRANCH}/health").respond(404, json={"message": "not found"})
    platform.get(f"{V1}/projects/{BRANCH}/api-keys").respond(json=KEYS)
    platform.post(f"{V1}/projects/{BRANCH}/database/query/read-only").respond(
        201, json=[{"text": "up"}]
    )
    url = f"https://{BRANCH}.supabase.co"
    platform.get(f"{url}/auth/v1/settings").respond(auth, json={"external": {}})
    platform.get(f"{url}/rest/v1/").respond(rest, json={})
    report = await look(client, "auth", "db", "rest")
    assert report.health is health, report
    unknown = await look(client, "realtime")
    assert unknown.health is Health.UNKNOWN


async def test_a_service_that_cannot_be_reached_is_not_healthy(client, platform):
    platform.get(f"{V1}/projects/{BRANCH}/health").respond(404, json={"message": "not found"})
    platform.get(f"{V1}/projects/{BRANCH}/api-keys").respond(json=KEYS)
    platform.get(f"https://{BRANCH}.supabase.co/rest/v1/").mock(side_effect=httpx.ConnectError("x"))
    report = await look(client, "rest")
    assert [finding.message for finding in report.findings] == ["rest does not answer"]
