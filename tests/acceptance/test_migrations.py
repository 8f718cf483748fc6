"""Migration files, production's history and its schema, held against each other by command."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from supasync.sandbox import Sandbox
from supasync.sandbox.site import Options
from tests.acceptance.conftest import Team
from tests.acceptance.test_life import migrate
from tests.acceptance.test_strategies import HISTORY

USERS = """create table public.users (id int primary key, email text);
-- for the login
create index users_email on public.users (email)"""
SEEN = """create role reader;
create view public.seen as select id from public.users"""
BY_HAND = """alter table public.users add column note text;
alter table public.users add check (note in ('x', 'y'));
create policy "own" on public.users for select using (true);
create function public.f() returns text language sql as $$ select '\\ ;' $$;
drop view public.seen;
create table public.later (id int)"""


@pytest.fixture(scope="module")
def recorded() -> Iterator[Sandbox]:
    """Production has three migrations, and no branch."""
    box = Sandbox(Options(example=False, branches=()))
    for text in (USERS, "insert into public.users values (1, 'a')", SEEN):
        migrate(box, text)
    yield box
    box.close()


@pytest.fixture
def team(recorded: Sandbox, tmp_path: Path) -> Iterator[Team]:
    team = Team(recorded, tmp_path)
    yield team
    team.close()


def objects(rows: list[dict[str, Any]]) -> set[tuple[str, str]]:
    return {(row["object"], row["how"]) for row in rows}


def test_drift_is_found_told_and_written_down(team: Team) -> None:
    plain = team("migrations", "status")
    assert plain.code == 0, plain.out + plain.err
    assert "supabase/migrations: production's history and schema alone" in plain.err
    states = [line.split()[:3] for line in plain.out.splitlines()[1:4]]
    assert [state for *_, state in states] == ["applied", "unchecked", "applied"]
    users, rows, seen = (version for version, *_ in states)

    (team.folder / "supabase").mkdir()
    for version, text in ((users, USERS + ";\n"), (rows, "select 2")):
        team.write(f"supabase/migrations/{version}_step.sql", text)
    team.write("supabase/migrations/29990101000000_later.sql", "create table later (id int);")
    team.write("supabase/migrations/29990101000001_new.sql", "create table new (id int);")
    team.main_sql(BY_HAND)
    history = team.main_value(HISTORY)

    found = team("migrations", "status", "--json")
    assert found.code == 1, found.out + found.err
    assert [row["state"] for row in found.json["migrations"]] == [
        *("applied", "unchecked", "untrue", "unrecorded", "pending")
    ]
    by_version = {row["version"]: row for row in found.json["migrations"]}
    assert objects(by_version[seen]["objects"]) == {("view public.seen", "missing")}
    assert by_version[seen]["file"] is None
    assert [by_version[each]["changed"] for each in (users, rows)] == [False, True]
    assert objects(found.json["drift"]) == {
        ("column public.users.note", "extra"),
        ("constraint public.users.users_note_check", "extra"),
        ("policy public.users.own", "extra"),
        ("function public.f.", "extra"),
    }
    assert "supasync migrations capture" in found.json["next"]

    captured = team("migrations", "capture", "--name", "by_hand", "--json")
    assert captured.code == 0, captured.out + captured.err
    assert captured.json["version"] == "29990101000002", "later than all there are"
    [step] = captured.json["next"]
    assert step == "supabase migration repair --status applied 29990101000002"
    text = (team.folder / captured.json["file"]).read_text()
    assert "drop VIEW" in text and "public.later" not in text, "that has a file of its own"
    assert team.main_value(HISTORY) == history, "it is the user's to record"

    again = team("migrations", "capture")
    assert again.code == 0 and "Nothing to capture" in again.out
    assert "repair --status applied 29990101000000 29990101000002" in again.out
    assert len(list((team.folder / "supabase/migrations").iterdir())) == 5


def test_a_history_that_does_not_run_is_no_base(team: Team) -> None:
    """It builds on what was made by hand, so that no file after it can mend it."""
    team.main_sql("create table if not exists public.by_hand (id int)")
    version = migrate(team.box, "alter table public.by_hand add column later int")
    try:
        refused = team("migrations", "capture")
        assert refused.code == 4
        assert f"cannot be run again: {version}" in refused.err
        assert '"public.by_hand" does not exist' in refused.err
        assert not (team.folder / "supabase").exists()
    finally:
        team.main_sql("drop table public.by_hand")
        gone = f"delete from supabase_migrations.schema_migrations where version = '{version}'"
        team.main_sql(gone)


def test_a_folder_that_is_not_there_is_one_clear_error(team: Team) -> None:
    wrong = team("migrations", "status", "--folder", "nowhere")
    assert wrong.code == 2, wrong.out + wrong.err
    assert "nowhere cannot be read" in wrong.err and "Traceback" not in wrong.err
