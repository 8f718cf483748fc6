"""Migration files, production's history and its schema, held against each other by command."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from supasync.sandbox import Sandbox
from supasync.sandbox.site import Options
from tests.acceptance.conftest import Result, Team
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


def states(result: Result) -> dict[str, str]:
    return {row["version"]: row["state"] for row in result.json["migrations"]}


def objects(rows: list[dict[str, Any]]) -> set[tuple[str, str]]:
    return {(row["object"], row["how"]) for row in rows}


def test_drift_is_found_told_and_written_down(team: Team) -> None:
    plain = team("migrations", "status", "--json")
    assert plain.code == 0, plain.out + plain.err
    users, rows, seen = plain.json["migrations"]
    assert [row["state"] for row in (users, rows, seen)] == ["applied", "unchecked", "applied"]
    assert "supabase/migrations: production's history and schema alone" in plain.err

    (team.folder / "supabase").mkdir()
    for row, text in zip((users, rows), (USERS + ";\n", "select 2"), strict=True):
        team.write(f"supabase/migrations/{row['version']}_step.sql", text)
    team.write("supabase/migrations/29990101000000_later.sql", "create table later (id int);")
    team.write("supabase/migrations/29990101000001_new.sql", "create table new (id int);")
    team.main_sql(BY_HAND)
    history = team.main_value(HISTORY)

    found = team("migrations", "status", "--json")
    assert found.code == 1, found.out + found.err
    assert list(states(found).values()) == [
        *("applied", "unchecked", "untrue", "unrecorded", "pending")
    ]
    by_version = {row["version"]: row for row in found.json["migrations"]}
    assert objects(by_version[seen["version"]]["objects"]) == {("view public.seen", "missing")}
    assert by_version[seen["version"]]["file"] is None
    assert [by_version[each["version"]]["changed"] for each in (users, rows)] == [False, True]
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

    told = team("migrations", "status")
    assert told.code == 1
    assert "repair --status applied 29990101000000 29990101000002" in told.out
    assert "in no migration" not in told.out
    again = team("migrations", "capture")
    assert again.code == 0 and "Nothing to capture" in again.out
    assert len(list((team.folder / "supabase/migrations").iterdir())) == 5
    asked = {row["query"] for row in team("audit", "show", "--json").json["entries"]}
    assert asked == {"look", "objects"}


def test_a_history_that_does_not_run_is_no_base(team: Team) -> None:
    """It builds on what was made by hand, so that no file after it can mend it."""
    team.main_sql("create table if not exists public.by_hand (id int)")
    version = migrate(team.box, "alter table public.by_hand add column later int")
    try:
        found = team("migrations", "status", "--json")
        assert found.code == 3, found.out + found.err
        assert states(found)[version] == "unknown"
        assert '"public.by_hand" does not exist' in found.json["migrations"][-1]["reason"]
        refused = team("migrations", "capture")
        assert refused.code == 4
        assert f"cannot be run again: {version}" in refused.err
        assert not (team.folder / "supabase").exists()
    finally:
        team.main_sql("drop table public.by_hand")
        gone = f"delete from supabase_migrations.schema_migrations where version = '{version}'"
        team.main_sql(gone)


def test_wrong_words_are_one_clear_error(team: Team) -> None:
    for words, told in (
        (("capture", "--name", "../x"), "file name"),
        (("status", "--folder", "nowhere"), "nowhere"),
        (("status", "--against", "main"), "same database"),
        (("status", "--against", "postgres:password@host"), "no postgresql:// URL"),
    ):
        wrong = team("migrations", *words)
        assert wrong.code == 2, wrong.out + wrong.err
        assert told in wrong.err and "Traceback" not in wrong.err
