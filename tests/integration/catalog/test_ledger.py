"""Every row of the catalogs has a rule, and the totals add up."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator

import pytest

from supasync import catalog
from supasync.catalog import queries, unmodelled
from supasync.catalog.kinds import BY_NAME
from supasync.catalog.ledger import DESCRIBING, OBJECTS, OUTSIDE
from tests.fix_catalog import Ends

SCHEMA = """
create extension citext; create schema app; create schema auth;
create type app.mood as enum ('low', 'high'); create domain app.amount as int check (value > 0);
create type app.pair as (a int, b text); create table auth.users (id int primary key);
create table app.t (id int generated always as identity primary key, x text default 'q',
  y app.amount not null, z app.mood, parent int references app.t, constraint c check (y <> 5));
create table app.serial (id serial, u int references auth.users);
create index by_x on app.t (lower(x)); create view app.v as select * from app.t;
create materialized view app.m as select id from app.t;
create function app.trg() returns trigger language plpgsql as 'begin return new; end';
create trigger tr after insert on app.t for each row execute function app.trg();
create trigger ours after insert on auth.users for each row execute function app.trg();
create trigger theirs after insert on auth.users for each row
  execute function suppress_redundant_updates_trigger();
create policy own on app.t using (id > 0); alter table app.t enable row level security;
create publication pub for table app.t (id); create publication supabase_realtime;
comment on table app.t is 'tee';
alter default privileges in schema app grant select on tables to anon;
create subscription sub connection 'dbname=nowhere' publication p
  with (connect = false, slot_name = none);
"""

CATALOGS = """select string_agg(relname, ' ') from pg_class
    where relnamespace = 'pg_catalog'::regnamespace and relkind = 'r'"""


@pytest.fixture
async def schema(ends: Ends) -> AsyncIterator[Ends]:
    await ends.source.run(SCHEMA)
    yield ends
    for name in ("sub", "one", "two"):  # else the database cannot be dropped
        await ends.source.run(f"drop subscription if exists {name}")


async def test_every_catalog_of_the_server_is_in_the_ledger(ends: Ends) -> None:
    names = (await ends.source.fetch(CATALOGS) or "").split()
    known = [*OBJECTS, *DESCRIBING, *OUTSIDE]
    assert len(known) == len(set(known))
    assert set(names) - set(known) == set()
    assert {
        OBJECTS.get(name) is not None or name == "any object" for name in DESCRIBING.values()
    } == {True}


@pytest.mark.parametrize("name", ["all", "supabase"])
async def test_the_totals_add_up(schema: Ends, name: str) -> None:
    scope = catalog.scope(name, keep_functions=["app.trg"])
    state = await catalog.observe(schema.source, scope)
    rules = unmodelled.rules(scope, "r")
    cases = " ".join(f"when {condition} then '{rule}'" for rule, condition in rules.items())
    totals = " union all ".join(
        f"select '{each}'::regclass::oid as cls, count(*) as n from {each} where oid >= 16384"
        for each in OBJECTS
    )
    text = await schema.source.fetch(f"""{queries.PINNED}
with {queries.world(scope)},
  r as materialized ({queries.digests(queries.object_rows(scope))}),
  ruled as (select o.cls, o.oid, o.what, case {cases} end as rule from ({unmodelled.rows()}) o)
select json_build_object(
  'ledger', (select json_agg(json_build_array(cls::regclass, rule, n)) from (
    select cls, rule, count(*) as n from ruled group by cls, rule) l),
  'totals', (select json_object_agg(cls::regclass, n) from ({totals}) t where n > 0),
  'compared', (select json_agg(distinct cls::int8 << 32 | oid::int8) from ruled
    where rule = 'compared'))::text""")
    found = json.loads(text or "")
    summed: dict[str, int] = {}
    for relation, _, count in found["ledger"]:
        summed[relation] = summed.get(relation, 0) + count
    assert summed == found["totals"]
    ours = {
        (catalog_, oid)
        for id_, (catalog_, oid, _) in state.addresses.items()
        if oid >= 16384 and not queries.gathered(BY_NAME[id_[0]])
    }
    assert {(key >> 32, key & 0xFFFFFFFF) for key in found["compared"]} == ours
    assert sum(n for _, rule, n in found["ledger"] if rule is None) == 1
    assert state.unmodelled == {"subscriptions": 1}
    told = {rule for _, rule, _ in found["ledger"]}
    managed = {"platform"} if name == "supabase" else set()  # else no schema is the platform's
    assert told - {"left alone"} == {"compared", "extension", "part", None} | managed
    assert "left alone" in told


async def test_a_catalog_of_a_later_server_is_counted(ends: Ends) -> None:
    await ends.source.run(
        "set local allow_system_table_mods = on; create table pg_catalog.pg_later (oid oid)"
    )
    assert (await ends.observe(ends.source)).unmodelled == {"rows of pg_later": 1}


async def test_a_column_of_a_later_server_is_counted_once(schema: Ends) -> None:
    before = await schema.observe(schema.source)
    await schema.source.run(
        "set local allow_system_table_mods = on; alter table pg_policy add polnew text"
    )
    state = await schema.observe(schema.source)
    assert state.unmodelled == {**before.unmodelled, "column pg_policy.polnew": 1}
    await schema.source.run("create table app.more (id int); alter subscription sub disable")
    again = await schema.observe(schema.source, state)
    assert again.unmodelled == state.unmodelled


async def test_what_is_not_carried_is_followed_by_looks_from_memory(schema: Ends) -> None:
    state = await schema.observe(schema.source)
    for change, count in (
        ("create subscription two connection 'dbname=x' publication p with (connect = false,"
         " slot_name = none)", 2),
        ("alter subscription sub rename to one", 2),
        ("create table app.other ()", 2),
        ("drop subscription one", 1),
        ("drop subscription two", 0),
    ):  # fmt: skip
        await schema.source.run(change)
        state = await schema.observe(schema.source, state)
        assert sum(state.unmodelled.values()) == count, change
        assert state.unmodelled == (await schema.observe(schema.source)).unmodelled
