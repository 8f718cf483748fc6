"""Rows from files, variables, seeds without triggers and large ones, on a real server."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pydantic import SecretStr

from supasync.errors import SeedError
from supasync.events import SeedFileRun, TableSeeded
from supasync.sync.bookkeeping.lease import Lease
from supasync.sync.seeding.rehearsal import rehearse
from supasync.sync.seeding.run import run_seed
from supasync.sync.seeding.script import compose, read
from supasync.sync.seeding.variables import Values

from .test_staging import Narrow

TABLES = """\
create schema app;
create table app.ships (id int generated always as identity primary key, name varchar(5),
  tags text[], about jsonb, built date default '2000-01-01', label text generated always as
  (upper(name)) stored);
create table app."Crew" (ship int references app.ships on delete cascade, "First Name" text);
create table app.log (what text);
create function app.note() returns trigger language plpgsql as
  $$ begin insert into app.log values (new.name); return new; end $$;
create trigger note after insert or update on app.ships for each row execute function app.note();
"""


@pytest.fixture
async def seed(database, make_run, tmp_path: Path):
    """`await seed({"a.sql": "…"})` runs the files and returns their script."""
    await database.run(TABLES)

    async def run(files: dict[str, str], *, quiet: bool = False, on=database, **values: str):
        for name, text in files.items():
            (tmp_path / name).write_text(text)
        known = Values({name: SecretStr(value) for name, value in values.items()})
        paths = [tmp_path / name for name in files]
        script = compose(read(paths, values=known), None, values=known, quiet=quiet)
        a_run = make_run()
        async with Lease(on, a_run) as lease:
            await run_seed(a_run, lease, on, script)
        return script

    return run


async def test_values_are_read_by_their_types_and_known_rows_are_updated(seed, value, events):
    csv = 'id,name,tags,about,built\n1,Ada,"{a,""b c""}","{""x"": 1}",2020-02-03\n2,"",,,\n'
    odd = '[{"id": 3, "name": "Eva", "tags": ["x", null], "about": {"y": [1.10]}}, {"id": 4}]'
    crew = "ship,First Name\n1,Bob\n"
    await seed({"1_app.ships.csv": csv, "2_app.ships.json": odd, "3_app.Crew.csv": crew})
    ships = json.loads(await value("select json_agg(s order by id) from app.ships s"))
    assert [tuple(ship.values()) for ship in ships] == [
        (1, "Ada", ["a", "b c"], {"x": 1}, "2020-02-03", "ADA"),
        (2, "", None, None, None, ""),
        (3, "Eva", ["x", None], {"y": [1.10]}, "2000-01-01", "EVA"),
        (4, None, None, None, "2000-01-01", None),
    ]
    assert await value("select last_value from app.ships_id_seq") == "4"
    told = {each.table: each for each in events if isinstance(each, TableSeeded)}
    rows = {name: each.rows for name, each in told.items()}
    assert rows == {"app.Crew": 1, "app.log": 4, "app.ships": 4}
    assert (told["app.ships"].inserted, told["app.ships"].updated) == (4, 0)
    assert [each.rows for each in events if isinstance(each, SeedFileRun)] == [2, 2, 1]

    await seed({"1_app.ships.csv": csv.replace("Ada", "Ann")})
    assert await value("select string_agg(name, ' ' order by id) from app.ships") == "Ann  Eva"
    again = [each for each in events if isinstance(each, TableSeeded)][-1]
    assert (again.rows, again.inserted, again.updated) == (4, 0, 2)


@pytest.mark.parametrize(
    "case",
    [
        ("app.ships.csv", "id,name\n1,a\n\nx,b\n", ":4:1", 'integer: "x"'),
        ("app.ships.csv", "id,name\n1,a\n2,longer\n3,c", ":3", "too long for type"),
        ("app.Crew.csv", '"First Name",ship\n"a\nb",7\n', ":3:4", "foreign key"),
        ("app.ships.csv", 'name,about\n"a ""b","{""x"": ]}"\n', ":2", "json"),
        ("app.ships.csv", "id,name,built\n1,soon,soon\n", ":2", "date"),
        ("app.ships.json", '[{ "name" : "a\\"b",\n"built": "so\\"on" } ]', ":2:10", "date"),
        ("app.ships.json", '[{"id": 1},\n{"id": null}]', ":2:8", "null value in column"),
        ("app.ships.json", '[{"id": 1},\n\n{"id": 2, "built": "soon"}]', ":3:20", "date"),
        ("app.ships.csv", "id,nam\n1,a", ":1:4", "nam"),
        ("app.ships.csv", "id,label\n1,a", ":1:4", "label"),
        ("app.gone.csv", "id\n1", ":2", "app.gone"),
    ],
)
async def test_a_row_that_does_not_go_in_is_named_by_its_line(
    seed, value, case: tuple[str, str, str, str]
):
    name, text, place, message = case
    with pytest.raises(SeedError) as caught:
        await seed({"0.sql": "insert into app.log values ('before')", name: text})
    assert f"{name}{place}: " in str(caught.value)
    assert message in str(caught.value)
    assert await value("select count(*) from app.log") == "0"


async def test_a_variable_is_a_literal_whatever_is_in_it(seed, value):
    odd = "'); drop table app.log; --\\\n"
    await seed({"a.sql": "insert into app.log values (:'A'),\n ('b');"}, A=odd)
    assert await value("select what from app.log where what <> 'b'") == odd


@pytest.mark.parametrize(
    "text",
    [
        "select :'A'::int",
        "alter table app.log add unique (what); insert into app.log values (:'A'), (:'A')",
        "do $$ begin raise exception '%', current_setting('a.b'); end $$",
        "insert into app.log values (:'A'); alter table app.log add check (what = '')",
    ],
)
async def test_no_value_of_a_variable_is_told(seed, text):
    secret = "hush-hush " * 3
    first = "select set_config('a.b', :'A', true);\n"
    with pytest.raises(SeedError, match=r"a\.sql:2: ") as caught:
        await seed({"a.sql": first + text}, A=secret)
    assert "hush" not in str(caught.value) + repr(caught.value)


async def test_triggers_are_off_when_that_is_asked_for(seed, value):
    crew = "ship,First Name\n1,Bob\n"
    await seed({"1_app.Crew.csv": crew, "2_app.ships.csv": "id,name\n1,Ada"}, quiet=True)
    assert await value("select count(*) from app.log") == "0"
    with pytest.raises(SeedError) as caught:
        await seed({"a.sql": "delete from app.ships"}, quiet=True)
    assert 'app."Crew" (ship): 1 of its rows refer to none of app.ships' in str(caught.value)
    assert "neither cascade" in str(caught.value.remedy)
    assert await value("select count(*) from app.ships") == "1"
    await seed({"a.sql": "delete from app.ships"})
    assert await value('select count(*) from app."Crew"') == "0"


async def test_a_seed_that_no_call_carries_is_uploaded_before(seed, value, database, make_run):
    narrow = Narrow(database)
    tags = "{" + "x" * 300 + "}"
    rows = "id,name,tags\n" + "".join(f"{n},n{n % 999},{tags}\n" for n in range(1, 2001))
    big = "insert into app.log values ('" + "y" * 500_000 + "');\nselect :'A';"
    files = {"1.sql": "truncate app.ships cascade", "2_app.ships.csv": rows, "3.sql": big}
    script = await seed(files, on=narrow, A="hush-hush")
    assert narrow.writes > 4
    assert await value("select count(*) from app.ships") == "2000"
    assert await value("select count(*) from supasync.staging") == "0"

    again = await rehearse(make_run(), narrow, script, timely=False, twice=True)
    [ships] = [each for each in again if each.name == "app.ships"]
    assert (ships.rows, ships.missing, ships.extra) == (2000, 0, 0)
    assert await value("select count(*) from supasync.staging") == "0"

    files["2_app.ships.csv"] = rows.replace("\n1500,n501,", "\n1500,too long,")
    with pytest.raises(SeedError, match=r"2_app\.ships\.csv:1501: value too long"):
        await seed(files, on=narrow, A="hush-hush")
    staged = await value("select string_agg(piece, '') from supasync.staging")
    assert "hush" not in str(staged)


@pytest.mark.parametrize(
    ("text", "around"),
    [
        ("select 1 / 0", ""),
        ("insert into app.nowhere values (1)", ""),
        (
            "do $f$ begin execute 'select 1 / 0'; end $f$",
            '\n  SQL statement "select 1 / 0"\n'
            "PL/pgSQL function inline_code_block line 1 at EXECUTE",
        ),
    ],
    ids=["run", "parsed", "its own block"],
)
async def test_a_large_seeds_error_shows_nothing_of_how_it_was_sent(seed, database, text, around):
    big = "insert into app.log values ('" + "y" * 500_000 + "');\n"
    with pytest.raises(SeedError) as caught:
        await seed({"1.sql": big + text}, on=Narrow(database))
    told = str(caught.value)
    place, _, rest = told.partition("1.sql:2: ")
    assert (place.count("\n"), rest.partition("\n")[2]) == (0, around.lstrip("\n"))
