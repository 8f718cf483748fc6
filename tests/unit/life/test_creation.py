"""A branch is created once, with production's major version."""

from __future__ import annotations

import json
from pathlib import Path

import httpx
import pytest
import respx

from supasync import api, config
from supasync.errors import ApiError, OutcomeUnknown, ProductionGuard, UsageError
from supasync.sync.lifecycle import creation, ready
from supasync.sync.lifecycle.creation import Wanted
from tests.unit.api.world import MAIN
from tests.unit.life.conftest import BRANCHES, PROJECT, branch, row

WANTED = Wanted(name="testing", size="micro", persistent=True)
NOT_ENABLED = httpx.Response(
    422, json={"message": "Preview branching is not enabled for this project."}
)
CREATED = httpx.Response(201, json=row(persistent=True))


def loaded() -> config.Config:
    return config.Config(project=config.Project(ref=MAIN), file=Path("config.toml"))


def bodies(route: respx.Route) -> list[dict[str, object]]:
    return [json.loads(call.request.content) for call in route.calls]


@pytest.fixture
def post(platform: respx.MockRouter) -> respx.Route:
    platform.get(f"/projects/{MAIN}").respond(json=PROJECT)
    return platform.post(BRANCHES)


async def test_the_engine_is_productions(client: api.Client, post: respx.Route) -> None:
    post.mock(return_value=CREATED)
    made = await creation.create(client, MAIN, WANTED)
    assert (made.name, made.persistent) == ("testing", True)
    assert bodies(post) == [
        {
            "branch_name": "testing",
            "persistent": True,
            "desired_instance_size": "micro",
            "postgres_engine": "15",
        }
    ]


async def test_where_branching_was_never_enabled(client: api.Client, post: respx.Route) -> None:
    default = httpx.Response(201, json=row(name="main", is_default=True))
    post.mock(side_effect=[NOT_ENABLED, NOT_ENABLED, default, CREATED])
    with pytest.raises(ApiError, match="never enabled") as caught:
        await creation.create(client, MAIN, WANTED)
    assert "--enable" in (caught.value.remedy or "")
    assert (await creation.create(client, MAIN, WANTED, enable=True)).name == "testing"
    assert bodies(post)[2] == {"branch_name": "main", "is_default": True}


async def test_the_plan_speaks_for_itself(client: api.Client, post: respx.Route) -> None:
    post.respond(402, json={"message": "Branching is supported only on the Pro plan or above"})
    with pytest.raises(ApiError, match="only on the Pro plan or above") as caught:
        await creation.create(client, MAIN, WANTED)
    assert "billing" in (caught.value.remedy or "")


async def test_a_name_that_was_taken_meanwhile(client: api.Client, post: respx.Route) -> None:
    post.respond(409, json={"message": "exists"})
    with pytest.raises(UsageError, match="has a branch 'testing' already"):
        await creation.create(client, MAIN, WANTED)


@pytest.mark.parametrize("there", [True, False])
async def test_a_lost_answer_is_settled_by_looking(
    client: api.Client, platform: respx.MockRouter, post: respx.Route, there: bool
) -> None:
    post.mock(side_effect=httpx.ReadError("reset"))
    platform.get(BRANCHES).respond(json=[row()] if there else [])
    if there:
        assert (await creation.create(client, MAIN, WANTED)).name == "testing"
    else:
        with pytest.raises(OutcomeUnknown):
            await creation.create(client, MAIN, WANTED)
    assert len(post.calls) == 1, "a create is not sent twice"


@pytest.mark.parametrize("name", ["", " a", "a\n", "a\x1b[2J"])
def test_what_is_no_name(name: str) -> None:
    with pytest.raises(UsageError, match="is not a name"):
        creation.check_free(Wanted(name=name), [], loaded())


def test_a_size_that_is_none_is_told_before_anything_is_sent() -> None:
    with pytest.raises(UsageError, match="'huge' is not a size") as caught:
        creation.check_free(Wanted(name="new", size="huge"), [], loaded())
    assert "micro, small" in str(caught.value.remedy)


def test_a_name_that_leads_to_a_branch_is_taken() -> None:
    listed = [branch(name="other", git_branch="testing")]
    with pytest.raises(UsageError, match="already"):
        creation.check_free(WANTED, listed, loaded())
    creation.check_free(Wanted(name="new"), listed, loaded())


MAIN_ROW = branch(name="prod", project_ref=MAIN, is_default=True, id="a" * 8, git_branch="trunk")
TWO = [branch(git_branch="x"), branch(name="x", project_ref="c" * 20, id="c" * 8), MAIN_ROW]


def test_what_cannot_be_taken_back_needs_one_meaning() -> None:
    assert ready.find("x", TWO, loaded()).name == "testing"
    with pytest.raises(UsageError) as refused:
        ready.find_only("x", TWO, loaded())
    assert str(refused.value) == (
        f"'x' could mean several branches, by name or git branch: "
        f"testing ({TWO[0].project_ref}), x ({'c' * 20})"
    )
    assert refused.value.remedy == "Name the one by its ref, the twenty letters."
    with pytest.raises(UsageError, match=r"^The project has no branch 'y'\."):
        ready.find_only("y", TWO, loaded())
    assert ready.find_only("c" * 20, TWO, loaded()).name == "x"
    assert ready.find_only(TWO[0].id, TWO, loaded()).name == "testing"


@pytest.mark.parametrize("name", ["prod", "trunk", MAIN, "a" * 8])
def test_production_is_refused_by_every_name(name: str) -> None:
    also = branch(name=name, project_ref="d" * 20, id="d" * 8)
    for find in (ready.find, ready.find_only):
        with pytest.raises(ProductionGuard, match=f"^{name} is production;"):
            find(name, TWO, loaded())
    with pytest.raises(ProductionGuard, match=f"^{name} is production;"):
        ready.find_only(name, [also, *TWO], loaded())


def test_the_section_of_a_branch() -> None:
    base = loaded().model_copy(update={"remotes": {"by_ref": "c" * 20}})
    for section, listed in {
        "by_ref": branch(name="a", git_branch="b", project_ref="c" * 20),
        "b": branch(name="a", git_branch="b"),
        "a": branch(name="a", git_branch="x"),
    }.items():
        sections = {name: config.Branch() for name in ("a", "b", "by_ref")}
        found = base.model_copy(update={"branches": sections})
        assert ready.section(listed, found) == section
    nobody = base.model_copy(update={"branches": {"main": config.Branch()}})
    assert ready.section(branch(name="a"), nobody) is None
