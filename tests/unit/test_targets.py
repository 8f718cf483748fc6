"""What may be a target: a branch that the platform proves to be one, never production."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest
from pydantic import SecretStr

from supasync import api
from supasync.config import Branch, Config, Project, of_settings
from supasync.errors import ProductionGuard, Refused, UsageError
from supasync.settings import Settings
from supasync.sync import pipeline
from supasync.sync.lifecycle import ready
from supasync.sync.logins.sessions import open_auth
from tests.unit.api.world import BRANCH, MAIN

OTHER = "ccddefghijklmnopqrst"


def config(*branches: str, ref: str = MAIN, **remotes: str) -> Config:
    return Config(
        project=Project(ref=ref),
        branches={name: Branch() for name in branches},
        remotes=remotes,
        file=Path("config.toml"),
    )


def row(name: str = "testing", **fields: object) -> api.Branch:
    given = {
        "id": "7f1a2f3e-0000-4000-8000-000000000000",
        "name": name,
        "project_ref": BRANCH,
        "parent_project_ref": MAIN,
        "is_default": False,
        "persistent": False,
        "status": "FUNCTIONS_DEPLOYED",
        "created_at": "2026-01-01T00:00:00Z",
        "updated_at": "2026-01-01T00:00:00Z",
    }
    return api.Branch.model_validate({**given, **fields})


DEFAULT = row("main", project_ref=MAIN, is_default=True, git_branch="trunk")


@pytest.mark.parametrize("name", ["main", "Main", " MAIN ", "main\n", MAIN, MAIN.upper(), "live"])
def test_production_is_refused_by_every_name_before_anything_is_asked(name: str) -> None:
    """Named on the command line or in the file; `live` is what [remotes] calls it."""
    known = config("testing", live=MAIN, testing=BRANCH)
    with pytest.raises(ProductionGuard, match="production is never a target"):
        pipeline.targets([name], known)
    with pytest.raises(ProductionGuard):
        pipeline.targets(["testing", name], known)
    if name != "main":  # which the configuration itself refuses
        with pytest.raises(ProductionGuard):
            pipeline.targets((), config(name, "testing", live=MAIN))


def test_branches_are_targets_each_once() -> None:
    known = config("one", "two", testing=BRANCH)
    assert pipeline.targets(["b", "a", "b"], known) == ("b", "a")
    assert pipeline.targets((), known) == ("one", "two")
    assert pipeline.targets(["testing", "mainland"], known) == ("testing", "mainland")
    with pytest.raises(UsageError, match="no branch is configured"):
        pipeline.targets((), config())


@pytest.mark.parametrize("name", ["trunk", "main", MAIN, "live"])
def test_the_default_branch_is_no_target_by_any_of_its_names(name: str) -> None:
    with pytest.raises(ProductionGuard):
        ready.find(name, [row(), DEFAULT], config(live=MAIN))


@pytest.mark.parametrize(
    "fields",
    [
        {"is_default": True},
        {"project_ref": MAIN},
        {"project_ref": MAIN, "parent_project_ref": OTHER},
        {"project_ref": OTHER, "parent_project_ref": OTHER},
    ],
)
def test_a_row_that_is_production_is_no_target_whatever_it_is_called(fields) -> None:
    with pytest.raises(ProductionGuard):
        ready.find("testing", [row(**fields)], config())


def test_a_configuration_that_calls_a_branch_production_finds_no_target() -> None:
    """With a branch's own ref as [project] ref, what it lists are its sisters, or its parent."""
    for ref in (BRANCH, OTHER):
        with pytest.raises(Refused, match="not provably a branch") as caught:
            ready.find("sister", [row("sister", project_ref="d" * 20)], config(ref=ref))
        assert "[project] ref" in (caught.value.remedy or "")
    with pytest.raises(ProductionGuard):
        ready.find("main", [DEFAULT], config(ref=BRANCH))


@pytest.mark.parametrize("ref", ["", "x", f"{BRANCH}/../{MAIN}", MAIN.upper(), f"{MAIN}\n"])
def test_a_row_without_a_ref_is_no_target(ref: str) -> None:
    with pytest.raises(Refused):
        ready.find("testing", [row(project_ref=ref)], config())


def test_a_branch_is_found_by_each_of_its_names() -> None:
    rows = [DEFAULT, row("x", git_branch="feature/x"), row("y", project_ref=OTHER)]
    known = config(staging=OTHER, gone="e" * 20)
    assert ready.find("feature/x", rows, known).name == "x"
    assert ready.find("y", rows, known).name == "y"
    assert ready.find("staging", rows, known).name == "y"
    assert ready.find(BRANCH, rows, known).name == "x"
    for name in ("gone", "Y"):
        with pytest.raises(UsageError, match="It has: x, y"):
            ready.find(name, rows, known)
    with pytest.raises(ProductionGuard):
        ready.find(DEFAULT.id, rows, known)


def test_a_branch_has_its_settings_by_whichever_name_it_was_called() -> None:
    kept = Branch(allow_data_loss=False, prune=0)
    branch = row("x", git_branch="feature/x")
    for section in ("staging", "x", "feature/x", BRANCH):
        known = config(staging=BRANCH).model_copy(update={"branches": {section: kept}})
        for called in ("staging", "x", "feature/x", BRANCH):
            assert ready.settings(called, branch, known) is kept
    twice = config(one=BRANCH, two=BRANCH).model_copy(update={"branches": {"one": kept}})
    assert ready.settings(BRANCH, branch, twice) is kept
    both = twice.model_copy(update={"branches": {"two": Branch(), "one": kept}})
    assert ready.settings("one", branch, both) is kept
    both = twice.model_copy(update={"branches": {"one": Branch(), "two": kept}})
    assert ready.settings("two", branch, both) is kept
    assert ready.settings("x", branch, config("y")) == Branch()
    assert ready.settings("x", row("x"), config("y")) == Branch()


def test_the_environment_alone_can_say_what_production_is() -> None:
    assert of_settings(Settings()) is None
    known = of_settings(Settings(project_ref=MAIN, api_url="https://api.example.com"))
    assert known is not None
    assert (known.project.ref, known.project.api_url) == (MAIN, "https://api.example.com")


def _key(payload: object) -> SecretStr:
    told = base64.urlsafe_b64encode(json.dumps(payload).encode()).decode().rstrip("=")
    return SecretStr(f"e30.{told}.x")


async def _opens(*keys: SecretStr) -> bool:
    async with (
        api.Client(token=SecretStr("t"), production_ref=MAIN) as client,
        open_auth("http://127.0.0.1:9", *keys, ref=BRANCH, client=client),
    ):
        return True


async def test_a_key_that_names_another_project_is_not_used() -> None:
    mine, opaque = _key({"ref": BRANCH}), SecretStr("sb_secret_x")
    assert await _opens(mine, opaque)
    assert await _opens(opaque, mine)
    for silent in ({"iss": "x"}, [], "x", None):
        assert await _opens(_key(silent), SecretStr("a.%%.c"))
    for wrong in (_key({"ref": MAIN}), _key({"ref": OTHER}), _key({"ref": None})):
        for keys in ((wrong, mine), (mine, wrong)):
            with pytest.raises(Refused, match="a key of project") as caught:
                await _opens(*keys)
            assert "e30" not in caught.value.message
