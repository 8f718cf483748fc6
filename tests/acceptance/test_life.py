"""Branches come and go by command; production never does."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from supasync.sandbox import Sandbox
from supasync.sandbox.site import Options
from tests.acceptance.conftest import Result, Team


def api(
    box: Sandbox, method: str, path: str, body: dict[str, object] | None = None
) -> httpx.Response:
    headers = {"Authorization": f"Bearer {box.access_token}"}
    answer = httpx.request(method, box.api_url + path, json=body, headers=headers, timeout=60)
    answer.raise_for_status()
    return answer


def migrate(box: Sandbox, query: str) -> str:
    """Apply a migration to production; its version."""
    path = f"/v1/projects/{box.main.ref}/database/migrations"
    api(box, "POST", path, {"query": query, "name": "step"})
    return str(api(box, "GET", path).json()[-1]["version"])


@pytest.fixture(scope="module")
def alive() -> Iterator[Sandbox]:
    """A project with one migration and the branch testing."""
    box = Sandbox(Options(example=False, branches=("testing",)))
    migrate(box, "create table public.first (id int primary key)")
    yield box
    box.close()


@pytest.fixture
def life(alive: Sandbox, tmp_path: Path) -> Iterator[Team]:
    team = Team(alive, tmp_path)
    yield team
    team.close()


def typed(team: Team, answer: str, *args: str) -> Result:
    """The command on a terminal on which `answer` is typed."""
    ours, its = pty.openpty()
    try:
        os.write(ours, f"{answer}\n".encode())
        done = subprocess.run(
            [sys.executable, "-m", "supasync", *args],
            check=False,
            cwd=team.folder,
            env=team.env,
            stdin=its,
            capture_output=True,
            text=True,
            timeout=60,
        )
    finally:
        os.close(ours)
        os.close(its)
    return Result(done.returncode, done.stdout, done.stderr)


def test_a_branch_is_created_ready_and_deleted(life: Team):
    made = life("branches", "create", "feature/x", "--persistent", "--git-branch", "x", "--json")
    assert made.code == 0, made.out + made.err
    assert made.json["created"] and made.json["ready"] and made.json["persistent"]
    assert made.json["ref"] == life.box.branches["feature/x"].ref
    assert "feature/x: " in made.err and "migrate" in made.err, "the platform's run is shown"
    assert life.sql("feature/x", "select to_regclass('public.first')::text") == "first"
    for name in ("feature/x", "x"):
        again = life("branches", "create", name)
        assert again.code == 2 and "already" in again.err
    asked = life("branches", "delete", "feature/x")
    assert asked.code == 2 and "Add --yes" in asked.err
    refused = typed(life, "n", "branches", "delete", "feature/x")
    assert refused.code == 4, refused.err
    assert "all its data go for good" in refused.err and "nothing was done" in refused.err
    assert "feature/x" in life.box.branches
    done = typed(life, "y", "branches", "delete", made.json["id"], "--json")
    assert done.code == 0, done.err
    assert done.json == {"branch": "feature/x", "ref": made.json["ref"], "deleted": True}
    assert "feature/x" not in life.box.branches
    assert life("branches", "delete", "feature/x", "--yes").code == 2


@pytest.mark.parametrize("command", ["delete"])
def test_production_has_no_name_that_would_do(life: Team, command: str):
    rows = api(life.box, "GET", f"/v1/projects/{life.box.main.ref}/branches").json()
    [main] = [row for row in rows if row["is_default"]]
    for name in ("main", "MAIN", main["project_ref"], main["project_ref"].upper(), main["id"]):
        refused = life("branches", command, name, "--yes")
        assert refused.code == 4, (name, refused.err)
        assert "never a target" in refused.err


def test_what_the_platform_does_not_allow_is_said(life: Team):
    state = life.box._registry.state
    state.plan, state.branching = "free", False
    try:
        refused = life("branches", "create", "one", "--json")
        assert refused.code == 3
        assert "only on the Pro plan or above" in refused.json["error"]["message"]
        state.plan = "pro"
        refused = life("branches", "create", "one")
        assert refused.code == 3 and "--enable" in refused.err
        made = life("branches", "create", "one", "--enable", "--no-wait", "--json")
        assert made.code == 0, made.err
        assert made.json["ready"] is False
    finally:
        state.plan, state.branching = "pro", True
    assert life("branches", "wait", "one").code == 0
    assert life("branches", "delete", "one", "--yes").code == 0
