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


LEASE_OF_ANOTHER = """
create schema supasync;
create table supasync.lease (only_row boolean primary key default true check (only_row),
  run_id text not null, holder text not null, token bigint not null,
  since timestamptz not null, expires timestamptz not null);
insert into supasync.lease (run_id, holder, token, since, expires)
values ('run', 'bob@elsewhere', 1, now(), now() + interval '170 s')"""


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
    again = life("branches", "create", "x")
    assert again.code == 2 and "already" in again.err
    refused = typed(life, "n", "branches", "delete", "feature/x")
    assert refused.code == 4, refused.err
    assert "all its data go for good" in refused.err and "nothing was done" in refused.err
    assert "feature/x" in life.box.branches
    done = typed(life, "y", "branches", "delete", made.json["id"], "--json")
    assert done.code == 0, done.err
    assert done.json == {"branch": "feature/x", "ref": made.json["ref"], "deleted": True}
    assert "feature/x" not in life.box.branches


def test_production_has_no_name_that_would_do(life: Team):
    rows = api(life.box, "GET", f"/v1/projects/{life.box.main.ref}/branches").json()
    [main] = [row for row in rows if row["is_default"]]
    tried = (
        ("delete", main["project_ref"].upper(), "--yes"),
        ("reset", main["id"], "--yes"),
    )
    for args in tried:
        refused = life("branches", *args)
        assert refused.code == 4, (args, refused.err)
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


def test_a_branch_whose_rows_must_not_be_lost_is_neither_deleted_nor_reset(life: Team):
    """By whichever of its names it is called, and though nobody is asked."""
    config = life.folder / "config.toml"
    text = config.read_text()
    config.write_text(text.replace("[branches.testing]\n", KEPT))
    ref = life.box.branches["testing"].ref
    for args in (("reset", "testing"), ("delete", ref)):
        refused = life("branches", *args, "--yes", "--json")
        assert refused.code == 4, (args, refused.err)
        assert refused.json["error"]["type"] == "LossRefused"
        assert "set allow_data_loss = true" in refused.json["error"]["remedy"]
    assert life.box.branches["testing"].ref == ref
    assert life.sql("testing", "select to_regclass('supasync.lease')::text") is None


KEPT = "[branches.testing]\nallow_data_loss = false\n"
TABLES = """select string_agg(relname, ' ' order by relname) from pg_class
    where relnamespace = 'public'::regnamespace and relkind = 'r'"""


def test_rebase_brings_what_is_new_and_reset_makes_anew(life: Team):
    first = migrate(life.box, "create table public.second (id int)")
    migrate(life.box, "create table public.third (id int)")
    life.sql("testing", "create table public.mine (id int)")
    rebased = life("branches", "rebase", "testing", "--json")
    assert rebased.code == 0, rebased.err
    assert life.sql("testing", TABLES) == "first mine second third"
    assert rebased.json["rebased"] and rebased.json["ready"] and rebased.json["run"]
    asked = life("branches", "reset", "testing")
    assert asked.code == 2 and "Add --yes" in asked.err, "nobody can be asked"
    reset = life("branches", "reset", "testing", "--to", first, "--yes", "--json")
    assert reset.code == 0, reset.err
    assert life.sql("testing", TABLES) == "first second"


def test_nobody_elses_sync_is_cut_off(life: Team):
    life.sql("testing", LEASE_OF_ANOTHER)
    held = life("branches", "reset", "testing", "--yes", "--json")
    assert held.code == 6
    assert "being synced by bob@elsewhere" in held.json["error"]["message"]
    life.sql("testing", "drop schema supasync cascade")


def test_a_branch_is_paused_resumed_and_opened(life: Team):
    ref = life.box.branches["testing"].ref
    opened = life("branches", "open", "testing")
    assert (opened.code, opened.out) == (0, f"https://supabase.com/dashboard/project/{ref}\n")
    paused = life("branches", "pause", ref, "--json")
    assert (paused.code, paused.json["changed"]) == (0, True), paused.err
    waits = life("branches", "reset", "testing", "--yes")
    assert waits.code == 3 and "branches resume" in waits.err
    resumed = life("branches", "resume", "testing", "--json")
    assert resumed.code == 0, resumed.err
    assert resumed.json["changed"] and resumed.json["ready"]
