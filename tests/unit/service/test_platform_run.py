"""A sync after a push waits for the hosted integration's run."""

from __future__ import annotations

from typing import Any

import respx

from supasync import api
from supasync.service import platform_run
from tests.unit.api.world import BRANCH, FakeClock
from tests.unit.life.conftest import branch

ACTIONS = f"/projects/{BRANCH}/actions"
LATE = "2027-01-15T07:59:00Z"  # a minute before the clock's beginning
OLD = "2026-01-01T00:00:00Z"


def run(id_: str, status: str, at: str = LATE) -> dict[str, Any]:
    step = {"name": "migrate", "status": status, "created_at": at, "updated_at": at}
    return {
        "id": id_,
        "branch_id": "7f1a2f3e-0000-4000-8000-000000000000",
        "run_steps": [step],
        "created_at": at,
        "updated_at": at,
    }


async def waited(client: api.Client, clock: FakeClock, **fields: Any) -> list[str]:
    told: list[str] = []
    await platform_run.over(client, branch(**fields), clock, told.append)
    return told


async def test_a_run_that_is_under_way_is_waited_for(
    client: api.Client, clock: FakeClock, platform: respx.MockRouter
) -> None:
    platform.get(ACTIONS).respond(json=[run("one", "RUNNING")])
    platform.get(f"{ACTIONS}/one").mock(
        side_effect=[
            respx.MockResponse(json=run("one", status))
            for status in ("CREATED", "RUNNING", "EXITED")
        ]
    )
    assert await waited(client, clock) == ["testing: migrate runs", "testing: migrate done"]
    assert sum(clock.slept) == 4


async def test_a_run_of_a_git_branch_may_begin_a_little_later(
    client: api.Client, clock: FakeClock, platform: respx.MockRouter
) -> None:
    lists = [[run("one", "EXITED")], [run("one", "EXITED")], [run("two", "RUNNING")]]
    platform.get(ACTIONS).mock(side_effect=[respx.MockResponse(json=each) for each in lists])
    for id_ in ("one", "two"):
        platform.get(f"{ACTIONS}/{id_}").respond(json=run(id_, "EXITED"))
    assert "testing: migrate done" in await waited(client, clock, git_branch="testing")
    assert sum(clock.slept) == 4


async def test_where_no_run_begins_it_goes_on(
    client: api.Client, clock: FakeClock, platform: respx.MockRouter
) -> None:
    platform.get(ACTIONS).respond(json=[])
    await waited(client, clock)
    assert clock.slept == []
    await waited(client, clock, git_branch="testing")
    assert sum(clock.slept) >= platform_run.APPEARS_SECONDS


async def test_a_run_that_stays_as_it_is_since_long_is_no_obstacle(
    client: api.Client, clock: FakeClock, platform: respx.MockRouter
) -> None:
    platform.get(ACTIONS).respond(json=[run("one", "RUNNING", OLD)])
    await waited(client, clock)
    assert clock.slept == []


async def test_a_token_that_may_not_see_runs_does_not_wait(
    client: api.Client, clock: FakeClock, platform: respx.MockRouter
) -> None:
    platform.get(ACTIONS).respond(403, json={"message": "Forbidden"})
    await waited(client, clock)
    assert clock.slept == []
