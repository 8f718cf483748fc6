"""The platform's word on a branch's services, and their own."""

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
URL = f"https://{BRANCH}.supabase.co"
FINE, REFUSAL = httpx.Response(200, json={"external": {}}), httpx.Response(401, json={})
DOWN = httpx.Response(503, json={"message": "name resolution failed"})
UNREADY = httpx.Response(503, json={"code": "PGRST002", "message": "no schema cache"})
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


def answering(platform: respx.MockRouter, auth: httpx.Response, rest: httpx.Response) -> None:
    """What the services themselves say."""
    platform.get(f"{V1}/projects/{BRANCH}/api-keys").respond(json=KEYS)
    platform.get(f"{URL}/auth/v1/settings").mock(return_value=auth)
    platform.get(f"{URL}/rest/v1/").mock(return_value=rest)


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
    answering(platform, FINE, REFUSAL)
    report = await look(client, "auth")
    assert (report.health, [words] if words else []) == (
        health,
        [finding.message for finding in report.findings],
    )


async def test_no_word_on_one_of_them(client, platform):
    says(platform, {"name": "auth", "status": "ACTIVE_HEALTHY"})
    answering(platform, FINE, REFUSAL)
    assert (await look(client, "auth", "storage")).health is Health.UNKNOWN


@pytest.mark.parametrize(
    "case",
    [
        (FINE, REFUSAL, Health.PASS, []),
        (FINE, httpx.Response(500, json={}), Health.FAIL, ["rest answers only errors (HTTP 500)"]),
        (httpx.Response(500, json={}), FINE, Health.FAIL, ["auth answers only errors (HTTP 500)"]),
        (DOWN, FINE, Health.UNKNOWN, ["auth does not answer: the gateway does (HTTP 503)"]),
        (FINE, DOWN, Health.UNKNOWN, ["rest does not answer: the gateway does (HTTP 503)"]),
        (FINE, UNREADY, Health.FAIL, ["rest answers only errors (HTTP 503)"]),
        (httpx.Response(200, html="<p>"), FINE, Health.UNKNOWN, ["auth answers what Auth does"]),
    ],
)
async def test_services_contradict_the_platform(client, platform, case):
    auth, rest, health, words = case
    up = {"healthy": True, "status": "ACTIVE_HEALTHY"}
    says(platform, *({"name": name, **up} for name in ("auth", "db", "rest")))
    answering(platform, auth, rest)
    report = await look(client, "auth", "db", "rest")
    told = [finding.message for finding in report.findings]
    assert report.health is health, report
    assert all(each.startswith(word) for each, word in zip(told, words, strict=True)), told


async def test_no_answer_says_little_where_the_platform_calls_it_healthy(client, platform):
    says(platform, {"name": "rest", "healthy": True, "status": "ACTIVE_HEALTHY"})
    answering(platform, FINE, REFUSAL)
    platform.get(f"{URL}/rest/v1/").mock(side_effect=httpx.ConnectError("x"))
    report = await look(client, "rest")
    assert (report.health, len(report.findings)) == (Health.UNKNOWN, 1)
    assert "rest does not answer, and the platform calls it healthy" in str(report.findings[0])


@pytest.mark.parametrize(
    ("auth", "rest", "health"),
    [
        (200, 200, Health.PASS),
        (200, 401, Health.PASS),
        (500, 200, Health.FAIL),
        (503, 200, Health.UNKNOWN),
    ],
)
async def test_where_the_platform_has_no_word_they_are_asked(client, platform, auth, rest, health):
    platform.get(f"{V1}/projects/{BRANCH}/health").respond(404, json={"message": "not found"})
    platform.post(f"{V1}/projects/{BRANCH}/database/query/read-only").respond(
        201, json=[{"text": "up"}]
    )
    answering(platform, httpx.Response(auth, json={"external": {}}), httpx.Response(rest, json={}))
    report = await look(client, "auth", "db", "rest")
    assert report.health is health, report
    unknown = await look(client, "realtime")
    assert unknown.health is Health.UNKNOWN


async def test_a_service_that_cannot_be_reached_is_not_healthy(client, platform):
    platform.get(f"{V1}/projects/{BRANCH}/health").respond(404, json={"message": "not found"})
    answering(platform, FINE, REFUSAL)
    platform.get(f"{URL}/rest/v1/").mock(side_effect=httpx.ConnectError("x"))
    report = await look(client, "rest")
    assert [finding.message for finding in report.findings] == ["rest does not answer"]
    assert report.health is Health.UNKNOWN, "as of test users, whose log-ins get no answer"
