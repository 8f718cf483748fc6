"""Branches in time: the sandbox's clock is moved, nobody waits."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from datetime import datetime
from typing import Any

import httpx
import psycopg
import pytest

from supasync.sandbox import Sandbox
from supasync.sandbox.clock import MovableClock
from supasync.sandbox.site import Options
from tests.fix_sandbox import client

LATE, IDLE = 45.0, 3600.0
TABLES = """select coalesce(string_agg(relname, ' ' order by relname), '') as t
    from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'"""


@pytest.fixture(scope="module")
def box() -> Iterator[Sandbox]:
    options = Options(branches=("early",), example=False, delay=LATE, pause_after=IDLE)
    box = Sandbox(options)
    yield box
    box.close()


@pytest.fixture
async def http(box: Sandbox) -> AsyncIterator[httpx.AsyncClient]:
    async with client(box) as opened:
        yield opened


async def until(found: Callable[[], Awaitable[bool]]) -> None:
    for _ in range(1000):
        if await found():
            return
        await asyncio.sleep(0.02)
    pytest.fail("it never came")


async def query(http: httpx.AsyncClient, ref: str, text: str) -> Any:
    answer = await http.post(f"/v1/projects/{ref}/database/query", json={"query": text})
    assert answer.status_code == 201, answer.text
    return answer.json()


async def branch(http: httpx.AsyncClient, box: Sandbox, name: str) -> dict[str, Any]:
    """As listed: that uses no database."""
    rows = (await http.get(f"/v1/projects/{box.main.ref}/branches")).json()
    return next(row for row in rows if row["name"] == name)


def reaches(http: httpx.AsyncClient, box: Sandbox, name: str, **wanted: str) -> Any:
    async def found() -> bool:
        row = await branch(http, box, name)
        return {key: row[key] for key in wanted} == wanted

    return until(found)


async def test_a_branch_is_healthy_long_before_it_has_its_tables(
    box: Sandbox, http: httpx.AsyncClient
) -> None:
    main = box.main.ref
    migrate = {"query": "create table public.a ()", "name": "a"}
    await http.post(f"/v1/projects/{main}/database/migrations", json=migrate)
    made = await http.post(f"/v1/projects/{main}/branches", json={"branch_name": "new"})
    ref = made.json()["project_ref"]
    early = {"status": "RUNNING_MIGRATIONS", "preview_project_status": "ACTIVE_HEALTHY"}
    await reaches(http, box, "new", **early)
    assert await query(http, ref, TABLES) == [{"t": ""}]
    box.advance(LATE - 15)
    await asyncio.sleep(0.1)
    assert (await branch(http, box, "new"))["status"] == "RUNNING_MIGRATIONS"
    assert await query(http, ref, TABLES) == [{"t": ""}]
    box.advance(15)
    await reaches(http, box, "new", status="FUNCTIONS_DEPLOYED")
    assert await query(http, ref, TABLES) == [{"t": "a"}]
    row = await branch(http, box, "new")
    took = datetime.fromisoformat(row["updated_at"]) - datetime.fromisoformat(row["created_at"])
    assert took.total_seconds() >= LATE, "the API tells the sandbox's time"


async def test_a_failed_replay_is_mended_on_production_and_reset(
    box: Sandbox, http: httpx.AsyncClient
) -> None:
    """The branch fails on what was made by hand, and says so; a reset brings the history again, and
    neither what was done on the branch nor what was done on production by hand."""
    main, url = box.main.ref, f"/v1/projects/{box.main.ref}/database/migrations"
    await query(http, main, "create table public.by_hand ()")
    broken = {"query": "alter table public.by_hand add id int", "name": "on drift"}
    assert (await http.post(url, json=broken)).status_code == 200
    made = await http.post(f"/v1/projects/{main}/branches", json={"branch_name": "broken"})
    ref = made.json()["project_ref"]
    await reaches(http, box, "broken", preview_project_status="ACTIVE_HEALTHY")
    box.advance(LATE)
    await reaches(http, box, "broken", status="MIGRATIONS_FAILED")
    [run] = (await http.get(f"/v1/projects/{ref}/actions")).json()
    assert {step["name"]: step["status"] for step in run["run_steps"]}["migrate"] == "DEAD"
    log = (await http.get(f"/v1/projects/{ref}/actions/{run['id']}/logs")).text
    assert 'relation "public.by_hand" does not exist' in log
    assert "on drift" in log

    await query(http, ref, "create table public.mine ()")
    forget = "delete from supabase_migrations.schema_migrations where name = 'on drift'"
    await query(http, main, forget)
    await http.post(f"/v1/branches/{ref}/reset")
    await reaches(http, box, "broken", status="RUNNING_MIGRATIONS")
    box.advance(LATE)
    await reaches(http, box, "broken", status="FUNCTIONS_DEPLOYED")
    assert await query(http, ref, TABLES) == [{"t": "a"}]
    runs = (await http.get(f"/v1/projects/{ref}/actions")).json()
    assert len(runs) == 2
    assert {step["status"] for step in runs[0]["run_steps"]} == {"EXITED"}


async def test_who_is_not_used_is_paused(box: Sandbox, http: httpx.AsyncClient) -> None:
    ref = box.branches["early"].ref
    kept = {"branch_name": "kept", "persistent": True}
    await http.post(f"/v1/projects/{box.main.ref}/branches", json=kept)
    await reaches(http, box, "kept", preview_project_status="ACTIVE_HEALTHY")
    await query(http, ref, "create table public.mine ()")
    box.advance(IDLE - 60)
    assert await query(http, ref, "select 1 as n") == [{"n": 1}], "used, so it starts again"
    box.advance(IDLE - 60)
    await asyncio.sleep(0.1)
    assert (await branch(http, box, "early"))["preview_project_status"] == "ACTIVE_HEALTHY"
    with psycopg.connect(box.branches["early"].db_url):
        box.advance(61)
        await asyncio.sleep(0.3)
        assert (await branch(http, box, "early"))["preview_project_status"] == "ACTIVE_HEALTHY"

    async def paused() -> bool:
        box.advance(IDLE + 1)  # the connection may have been seen in its last moment: again then
        await asyncio.sleep(0.1)
        return (await branch(http, box, "early"))["preview_project_status"] == "INACTIVE"

    await until(paused)
    assert (await branch(http, box, "kept"))["preview_project_status"] == "ACTIVE_HEALTHY"
    assert await query(http, box.main.ref, "select 1 as n") == [{"n": 1}]
    text = {"query": "select 1"}
    refused = await http.post(f"/v1/projects/{ref}/database/query", json=text)
    assert "Connection terminated" in refused.json()["message"]

    assert (await http.post(f"/v1/projects/{ref}/restore")).status_code == 200
    box.advance(IDLE - 60)
    await asyncio.sleep(0.1)
    assert (await branch(http, box, "early"))["preview_project_status"] == "ACTIVE_HEALTHY"
    assert "mine" in (await query(http, ref, TABLES))[0]["t"]


async def test_the_clock_wakes_who_sleeps_and_goes_forward_only() -> None:
    clock = MovableClock(monotonic=lambda: 0.0)
    order: list[str] = []

    async def sleeper(name: str, seconds: float) -> None:
        await clock.sleep(seconds)
        order.append(name)

    async with asyncio.timeout(5), asyncio.TaskGroup() as group:
        group.create_task(sleeper("a day", 86400))
        group.create_task(sleeper("a minute", 60))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        clock.advance(59)
        await asyncio.sleep(0.01)
        assert order == []
        clock.advance(1)
        await asyncio.sleep(0.01)
        assert order == ["a minute"]
        clock.advance(86400)
    assert order == ["a minute", "a day"]
    for wrong in (-1.0, float("inf"), float("nan")):
        with pytest.raises(ValueError, match="only goes forward"):
            clock.advance(wrong)
