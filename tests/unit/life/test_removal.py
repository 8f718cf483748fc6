"""A branch is deleted, or is as it was."""

from __future__ import annotations

import json

import httpx
import pytest
import respx

from supasync import api
from supasync.errors import ApiError, NotReady, OutcomeUnknown, SupasyncError
from supasync.sync.lifecycle import removal
from tests.unit.life.conftest import BRANCHES, ONE, branch, row

GONE = httpx.Response(200, json={"message": "ok"})
PERSISTENT = httpx.Response(422, json={"message": "Persistent branches cannot be deleted."})


def promoted(patch: respx.Route) -> list[bool]:
    """What the branch was told to be, one call after the other."""
    return [json.loads(call.request.content)["persistent"] for call in patch.calls]


@pytest.fixture
def patch(platform: respx.MockRouter) -> respx.Route:
    return platform.patch(ONE).respond(json=row())


async def delete(client: api.Client, *, persistent: bool) -> None:
    await removal.delete(client, branch(persistent=persistent), print)


@pytest.mark.parametrize("listed", [True, False])
async def test_a_persistent_branch_is_demoted_first(
    client: api.Client, platform: respx.MockRouter, patch: respx.Route, listed: bool
) -> None:
    """listed: whether it was known to be persistent."""
    answers = [GONE] if listed else [PERSISTENT, GONE]
    platform.delete(ONE).mock(side_effect=answers)
    await delete(client, persistent=listed)
    assert promoted(patch) == [False]


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (httpx.Response(400, json={"message": "Project not ready for deletion."}), NotReady),
        (httpx.Response(403, json={"message": "Forbidden resource"}), ApiError),
        (PERSISTENT, ApiError),
    ],
)
async def test_what_is_not_deleted_stays_persistent(
    client: api.Client,
    platform: respx.MockRouter,
    patch: respx.Route,
    answer: httpx.Response,
    error: type[SupasyncError],
) -> None:
    platform.delete(ONE).mock(return_value=answer)
    with pytest.raises(error):
        await delete(client, persistent=True)
    assert promoted(patch) == [False, True]


@pytest.mark.parametrize("still", [True, False])
async def test_a_lost_answer_is_settled_by_looking(
    client: api.Client, platform: respx.MockRouter, patch: respx.Route, still: bool
) -> None:
    platform.delete(ONE).mock(side_effect=httpx.ReadError("reset"))
    platform.get(BRANCHES).respond(json=[row()] if still else [])
    if still:
        with pytest.raises(OutcomeUnknown):
            await delete(client, persistent=True)
    else:
        await delete(client, persistent=True)
    assert promoted(patch) == ([False, True] if still else [False])


async def test_somebody_else_was_faster(client: api.Client, platform: respx.MockRouter) -> None:
    platform.delete(ONE).respond(404, json={"message": "Branch not found"})
    await delete(client, persistent=False)


async def test_a_lost_answer_to_the_demotion_leaves_it_persistent(
    client: api.Client, platform: respx.MockRouter
) -> None:
    answers = [httpx.ReadError("reset"), httpx.Response(200, json=row())]
    patch = platform.patch(ONE).mock(side_effect=answers)
    with pytest.raises(OutcomeUnknown):
        await delete(client, persistent=True)
    assert promoted(patch) == [False, True]


async def test_what_may_not_be_demoted_is_not_touched_again(
    client: api.Client, platform: respx.MockRouter
) -> None:
    patch = platform.patch(ONE).respond(403, json={"message": "Forbidden resource"})
    with pytest.raises(ApiError):
        await delete(client, persistent=True)
    assert promoted(patch) == [False]
