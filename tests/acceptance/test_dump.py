"""`supasync schema dump`: a whole schema as SQL, in one file or in many."""

from __future__ import annotations

import subprocess
from pathlib import Path

import psycopg
import pytest

from supasync.sandbox import binaries
from tests.acceptance.conftest import Team
from tests.fix_sandbox import MakeDatabase

PARTS = """\
create type mood as enum ('sad', 'happy');
create table people (id int primary key, mood mood default 'sad');
create view happy as select id from people where mood = 'happy';
create table "People" (id int references people);
"""
PLATFORM = """\
create schema auth; create schema extensions;
create function auth.jwt() returns jsonb language sql as 'select null::jsonb';
"""


@pytest.fixture
def url(make_database: MakeDatabase) -> str:
    """A database with PARTS."""
    dsn = make_database()
    run(dsn, PARTS)
    return dsn


def run(dsn: str, sql: str) -> None:
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute(sql.encode())


def load(dsn: str, file: Path) -> None:
    """As a dump's first lines say."""
    command = [binaries.find().tool("psql"), "-X", "-1", "-v", "ON_ERROR_STOP=1", "-f", str(file)]
    done = subprocess.run([*command, dsn], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_dump_of_main_loads_and_is_main(team: Team):
    server = team.box.main.admin_url
    result = team("schema", "dump", "main", "-o", "main.sql")
    assert (result.code, result.out) == (0, "")
    run(server, "drop database if exists loaded")
    run(server, "create database loaded template template0")
    loaded = server.rpartition("/")[0] + "/loaded"
    run(loaded, PLATFORM)
    load(loaded, team.folder / "main.sql")
    assert team("schema", "diff", "main", loaded, "--scope", "supabase").code == 0
    run(server, "drop database loaded")


def test_a_url_needs_no_configuration(team: Team, url: str, make_database: MakeDatabase):
    (team.folder / "config.toml").unlink()
    result = team("schema", "dump", url)
    assert result.code == 0, result.err
    assert "\n-- TABLE public.people\ncreate table " in result.out
    assert team("schema", "dump", url, "--output", "dump.sql").out == ""
    assert (team.folder / "dump.sql").read_text() == result.out
    empty = make_database()
    load(empty, team.folder / "dump.sql")
    assert team("schema", "diff", url, empty).code == 0
    assert team("schema", "dump", url, "--json").json["sql"] == result.out


def test_one_file_for_each_object(team: Team, url: str, make_database: MakeDatabase):
    first = team("schema", "dump", url, "--split", "db")
    assert first.code == 0, first.err
    assert first.out == "db: 6 written, 0 removed, 0 as before\n"
    [twin] = (team.folder / "db/public/table").glob("people~*.sql")
    tables = [(team.folder / "db/public/table/people.sql").read_text(), twin.read_text()]
    assert [text.count("create table") for text in tables] == [1, 1]
    (team.folder / "db/README.md").write_text("ours")

    again = team("schema", "dump", url, "--split", "db", "--json").json
    assert again["files"] == {"written": [], "removed": [], "unchanged": 6}
    run(url, "drop view happy; alter table people add name text")
    changed = team("schema", "dump", url, "--split", "db", "--json").json
    assert changed["files"] == {
        "written": ["schema.sql", "public/table/people.sql"],
        "removed": ["public/view/happy.sql"],
        "unchanged": 3,
    }
    assert (team.folder / "db/README.md").read_text() == "ours"
    empty = make_database()
    load(empty, team.folder / "db/schema.sql")
    assert team("schema", "diff", url, empty).code == 0


def test_a_foreign_file_in_the_way_is_left_alone(team: Team, url: str):
    place = team.folder / "db/public/view"
    place.mkdir(parents=True)
    (place / "happy.sql").write_text("somebody's own")
    result = team("schema", "dump", url, "--split", "db")
    assert result.code == 4
    assert "public/view/happy.sql" in result.err
    assert [file.read_text() for file in (team.folder / "db").rglob("*.sql")] == ["somebody's own"]


def test_what_is_not_carried_is_told(team: Team, url: str):
    run(url, "create index broken on people (mood)")
    run(url, "update pg_index set indisvalid = false where indexrelid = 'broken'::regclass")
    result = team("schema", "dump", url, "--split", "db", "--json")
    assert result.code == 0
    assert "Warning: not in the dump: 1 invalid indexes" in result.err
    assert result.json["unmodelled"] == {"invalid indexes": 1}


def test_wrong_use_and_what_could_not_be_read(team: Team, url: str):
    assert team("schema", "dump", url, "--split", "db", "--output", "x").code == 2
    assert team("schema", "dump", "postgresql://[").code == 2
    assert team("schema", "dump", "staging").code == 2
    assert team("schema", "dump", url, "--scope", "none").code == 2
    assert team("schema", "dump", "main", "--config", "none.toml").code == 2
    nowhere = team("schema", "dump", url, "--output", "no/such/folder.sql")
    assert nowhere.code == 2
    assert "cannot be written" in nowhere.err
    silent = team("schema", "dump", "postgresql://someone:hidden@127.0.0.1:9/x", "-o", "x.sql")
    assert silent.code == 3
    assert "hidden" not in silent.out + silent.err
    assert not (team.folder / "x.sql").exists()
    assert not (team.folder / "db").exists()
