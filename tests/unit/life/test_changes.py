"""Resets, rebases, pauses: started once, and waited for as the platform really does them."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
import respx

from supasync import api
from supasync.errors import NotReady, OutcomeUnknown, UsageError
from supasync.events import Event, Notice
from supasync.sync.context import Run
from supasync.sync.lifecycle import power
from supasync.sync.lifecycle.action_run import ActionRun
from supasync.sync.lifecycle.replay import Replay
from tests.unit.api.world import BRANCH, MAIN, FakeClock
from tests.unit.life.conftest import BRANCHES, ONE, branch, row

ACTIONS = f"/projects/{BRANCH}/actions"
OLD, NEW = "00000000-0000-4000-8000-000000000001", "00000000-0000-4000-8000-000000000002"
DOWN = httpx.Response(
    400,
    json={"message": "Failed to run sql query: Connection terminated due to connection timeout"},
)


def run(id_: str, **steps: str) -> dict[str, Any]:
    at = "2026-01-01T00:00:00Z"
    return {
        "id": id_,
        "branch_id": "b",
        "run_steps": [
            {"name": name, "status": status, "created_at": at, "updated_at": at}
            for name, status in steps.items()
        ],
        "created_at": at,
        "updated_at": at,
    }


@pytest.mark.parametrize(("newest", "known"), [(NEW, True), (OLD, False)])
async def test_a_reset_whose_answer_was_lost_is_looked_for(
    client: api.Client, platform: respx.MockRouter, newest: str, known: bool
) -> None:
    """The branch does not answer SQL either: that is what resets are for."""
    platform.post(f"/projects/{BRANCH}/database/query").mock(return_value=DOWN)
    runs = [httpx.Response(200, json=[run(id_)]) for id_ in (OLD, newest)]
    platform.get(ACTIONS).mock(side_effect=runs)
    post = platform.post(f"{ONE}/reset").mock(side_effect=httpx.ReadError("reset"))
    told: list[Event] = []
    replay = Replay(client=client, branch=branch(), run=Run(emit=told.append))
    if known:
        awaited = await replay.reset()
        assert (awaited.run_id, awaited.anew) == (NEW, True)
    else:
        with pytest.raises(OutcomeUnknown):
            await replay.reset()
    assert len(post.calls) == 1
    assert any(isinstance(each, Notice) and "nobody syncs it" in each.message for each in told)


async def test_a_version_that_production_does_not_have(
    client: api.Client, platform: respx.MockRouter
) -> None:
    platform.get(f"/projects/{MAIN}/database/migrations").respond(json=[{"version": "20260101"}])
    with pytest.raises(UsageError, match="no migration '7'") as caught:
        await Replay(client=client, branch=branch(), run=Run(emit=print), version="7").rebase()
    assert "20260101" in (caught.value.remedy or "")


async def test_a_runs_steps_are_told_as_they_change(
    client: api.Client, platform: respx.MockRouter
) -> None:
    platform.get(ACTIONS).mock(
        side_effect=[
            httpx.Response(200, json=[]),
            httpx.Response(200, json=[run(NEW, clone="EXITED", pull="RUNNING", seed="CREATED")]),
        ]
    )
    platform.get(f"{ACTIONS}/{NEW}").mock(
        side_effect=[
            httpx.Response(200, json=run(NEW, clone="EXITED", pull="EXITED", migrate="RUNNING")),
            httpx.Response(200, json=run(NEW, clone="EXITED", pull="EXITED", migrate="DEAD")),
        ]
    )
    platform.get(f"{ACTIONS}/{NEW}/logs").respond(text="1\n2\n3\n4\n5\n6\nERROR: no\n")
    told: list[str] = []
    watched = ActionRun(client, "testing", told.append)
    ended = []
    for _ in range(4):
        await watched.look(BRANCH)
        ended.append(watched.ended)
    assert told == [
        "testing: clone done; pull runs",
        "testing: pull done; migrate runs",
        "testing: migrate failed",
    ]
    assert ended == [False, False, False, True]
    assert (await watched.last_words(BRANCH)).endswith("5\n  6\n  ERROR: no")


async def test_a_run_that_may_not_be_seen_is_no_obstacle(
    client: api.Client, platform: respx.MockRouter
) -> None:
    platform.get(ACTIONS).respond(403, json={"message": "Forbidden resource"})
    told: list[str] = []
    watched = ActionRun(client, "testing", told.append)
    await watched.look(BRANCH)
    await watched.look(BRANCH)
    assert watched.ended is None
    assert len(told) == 1
    assert "cannot be followed" in told[0]


def states(platform: respx.MockRouter, *words: str) -> None:
    platform.get(BRANCHES).mock(
        side_effect=[httpx.Response(200, json=[row(preview_project_status=w)]) for w in words]
    )


async def test_a_pause_is_waited_for(
    client: api.Client, platform: respx.MockRouter, clock: FakeClock
) -> None:
    post = platform.post(f"/projects/{BRANCH}/pause").respond(200)
    states(platform, "ACTIVE_HEALTHY", "PAUSING", "INACTIVE")
    assert await power.pause(client, branch(preview_project_status="ACTIVE_HEALTHY"), clock)
    assert not await power.pause(client, branch(preview_project_status="INACTIVE"), clock)
    assert len(post.calls) == 1


async def test_a_resume_waits_for_the_end_of_the_pause(
    client: api.Client, platform: respx.MockRouter, clock: FakeClock
) -> None:
    post = platform.post(f"/projects/{BRANCH}/restore").mock(side_effect=httpx.ReadError("reset"))
    states(platform, "PAUSING", "INACTIVE", "INACTIVE", "RESTORING")
    assert await power.resume(client, branch(preview_project_status="PAUSING"), clock)
    assert not await power.resume(client, branch(preview_project_status="RESTORING"), clock)
    assert len(post.calls) == 1


async def test_a_pause_that_fails_is_given_up(
    client: api.Client, platform: respx.MockRouter, clock: FakeClock
) -> None:
    platform.post(f"/projects/{BRANCH}/pause").respond(200)
    states(platform, "PAUSING", "PAUSE_FAILED")
    with pytest.raises(NotReady, match="PAUSE_FAILED"):
        await power.pause(client, branch(preview_project_status="ACTIVE_HEALTHY"), clock)
    states(platform, *["ACTIVE_HEALTHY"] * 400)
    with pytest.raises(NotReady, match="does not change"):
        await power.pause(client, branch(preview_project_status="ACTIVE_HEALTHY"), clock)
