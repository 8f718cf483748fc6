"""What a step costs is said exactly when it does: table rewrites are held to the tables' files."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from itertools import permutations

from supasync import catalog
from tests.fix_catalog import Ends, dump

SCOPE = catalog.scope("all")

DOMAINS = """
create extension citext schema public;
create domain a_text as text; create domain no_empty as text check (value <> '');
create domain short as varchar(5); create domain over_text as a_text;
create domain over_checked as no_empty;
create domain number as int; create domain positive as int check (value > 0);
create domain known as int not null;
"""
FAMILIES: tuple[tuple[str, ...], ...] = (
    (
        *("text", "varchar", "varchar(5)", "varchar(9)", "char(5)", "bpchar", "public.citext"),
        *("xml", "name", "a_text", "no_empty", "short", "over_text", "over_checked"),
    ),
    (
        *("int", "bigint", "oid", "regclass", "regtype", "numeric", "numeric(5,2)", "numeric(6,2)"),
        *("numeric(7,3)", "real", "number", "positive", "known"),
    ),
    (
        *("timestamp", "timestamp(3)", "timestamp(5)", "timestamp(6)", "timestamptz"),
        *("timestamptz(3)", "timestamptz(6)", "date", "time", "time(2)", "timetz"),
    ),
    ("interval", "interval(3)", "interval(6)", "interval day to second(3)", "interval year"),
    ("bit(3)", "bit(4)", "varbit", "varbit(3)", "varbit(5)"),
    ("cidr", "inet"),
    ("text[]", "varchar[]", "varchar(5)[]", "varchar(9)[]", "numeric(5,2)[]", "numeric[]"),
    ("json", "jsonb", "text"),
    ('text collate "C"', "text", 'varchar(5) collate "C"'),
)


async def test_changes_of_types_rewrite_the_tables_that_are_said(ends: Ends) -> None:
    pairs = [pair for family in FAMILIES for pair in permutations(family, 2)]
    for end, side in ((ends.target, 0), (ends.source, 1)):
        tables = (f"create table t{n} (c {pair[side]})" for n, pair in enumerate(pairs))
        await end.run(DOMAINS + ";".join(tables))
    said, done = await _rewritten(ends)
    names = {f"t{n}": pair for n, pair in enumerate(pairs)}
    assert {names[table] for table in said} == {names[table] for table in done}
    assert 0 < len(done) < len(pairs)


ADDED = {
    "a constant": "default 'x'",
    "a stable function": "default current_user::text",
    "a volatile function": "default random()::text",
    "a function of ours": "default volatile_one()",
    "nothing": "",
}
CHANGES = {
    **{f"adds {what}": "alter table {t} add c text " + words for what, words in ADDED.items()},
    "adds an identity": "alter table {t} add c int generated always as identity",
    "adds a serial": "alter table {t} add c serial",
    "adds what is generated": "alter table {t} add c int generated always as (a + 1) stored",
    "adds a domain": "alter table {t} add c number",
    "adds a domain with a default": "alter table {t} add c number default 3",
    "adds a checked domain": "alter table {t} add c positive",
    "adds a domain that is not null": "alter table {t} add c positive default 4",
    "moves a column": "alter table {t} drop a, add a int",
    "drops a column": "alter table {t} drop b",
    "sets a default": "alter table {t} alter b set default random()::text",
    "sets not null": "alter table {t} alter a set not null",
    "adds a check": "alter table {t} add check (a > 0)",
    "adds a key": "alter table {t} add primary key (a)",
    "is unlogged": "alter table {t} set unlogged",
    "has another access method": "alter table {t} set access method other",
    "has options": "alter table {t} set (fillfactor = 50, autovacuum_enabled = false)",
    "has storage": "alter table {t} alter b set storage external",
    "has an identity": "alter table {t} alter a set not null;"
    "alter table {t} alter a add generated always as identity",
    "is commented on": "comment on column {t}.a is 'x'",
    "is guarded": "alter table {t} enable row level security",
    "is indexed": "create index on {t} (a)",
    "is replicated": "alter table {t} replica identity full",
}
HELPERS = """
create access method other type table handler heap_tableam_handler;
create domain number as int; create domain positive as int check (value > 0);
create function volatile_one() returns text language plpgsql as 'begin return 1; end';
create type fewer as enum ('a', 'b', 'c'); create type more as enum ('a');
create table fewer_labels (c fewer); create table more_labels (c more, d int);
create table generated (a int, g int generated always as (a + 1) stored);
create unlogged table logged (a int);
"""
TYPES = """
create access method other type table handler heap_tableam_handler;
create domain number as int; create domain positive as int check (value > 0);
create function volatile_one() returns text language plpgsql as 'begin return 1; end';
create type fewer as enum ('a', 'c'); create type more as enum ('a', 'b');
create table fewer_labels (c fewer); create table more_labels (c more, d int);
create table generated (a int, g int generated always as (a + 2) stored);
create table logged (a int);
"""


async def test_tables_are_rewritten_when_it_is_said(ends: Ends) -> None:
    names = dict(enumerate(CHANGES))
    filled = ";".join(
        f"create table t{n} (a int, b text); insert into t{n} values (1, 'x')" for n in names
    )
    await ends.target.run(HELPERS + filled)
    await ends.source.run(TYPES + filled)
    for n, what in names.items():
        await ends.source.run(CHANGES[what].replace("{t}", f"t{n}"))
    said, done = await _rewritten(ends)
    shown = {f"t{n}": what for n, what in names.items()}
    assert {shown.get(t, t) for t in said} == {shown.get(t, t) for t in done}
    assert {"fewer_labels", "generated", "logged"} <= done


async def _rewritten(ends: Ends) -> tuple[set[str], set[str]]:
    """Syncs. Tables of which a rewrite was said, and those that have a new file."""
    plan = await ends.plan()
    before = await _files(ends)
    await catalog.apply(ends.target, plan, SCOPE, journal=False)
    after = await _files(ends)
    assert dump(ends.cluster, ends.target_dsn) == dump(ends.cluster, ends.source_dsn)
    said = {
        step.id[2]
        for step in plan.steps
        if any(hazard.name == "table-rewrite" for hazard in step.hazards)
    }
    return said, {table for table in before if before[table] != after[table]}


async def _files(ends: Ends) -> dict[str, int]:
    text = await ends.target.fetch(
        "select json_object_agg(relname, pg_relation_filenode(oid))::text from pg_class"
        " where relkind = 'r' and relnamespace = 'public'::regnamespace"
    )
    files: dict[str, int] = json.loads(text or "")
    return files


T = "create table {t} (id int not null, name text, n numeric(9,3));"
V = "create view {t} as select 1 as a, 2 as b;"
F = "create function {t}() returns int language sql as 'select 1';"
P = f"{T} alter table {{t}} enable row level security;"
POLICY = "create policy p on {t} to anon using (id > 0);"
STRICT = "create policy p on {t} as restrictive to anon using (id > 0);"

HAZARDS: Sequence[tuple[str, str, str]] = [
    (T, "drop table {t}", "data-loss"),
    (T, "alter table {t} drop name", "data-loss"),
    (T, "alter table {t} alter n type numeric(9,2)", "data-loss table-rewrite"),
    (T, "alter table {t} alter n type real", "data-loss table-rewrite"),
    (T, "alter table {t} alter n type numeric(12,3)", ""),
    ("create table {t} (a int, g int generated always as (a) stored)",
     "alter table {t} drop g", ""),
    ("create sequence {t}", "drop sequence {t}", "data-loss"),
    ("", T, ""),
    ("", T + "create index on {t} (name); alter table {t} add primary key (id)", ""),
    (T, "alter table {t} set unlogged", "table-rewrite"),
    (T, "create index {t}_i on {t} (name)", "index-build"),
    (T + "create index {t}_i on {t} (name)", "drop index {t}_i", ""),
    (T, "alter table {t} add constraint {t}_k unique (id)", "index-build"),
    (T, "alter table {t} add constraint {t}_k primary key (id)", "index-build"),
    (T, "alter table {t} add constraint {t}_k exclude (id with =)", "index-build"),
    (T, "alter table {t} add constraint {t}_k check (id > 0)", "constraint-scan"),
    (T, "alter table {t} add constraint {t}_k check (id > 0) not valid", ""),
    (T + "alter table {t} add constraint {t}_k check (id > 0) not valid",
     "alter table {t} validate constraint {t}_k", "constraint-scan"),
    (T + "alter table {t} add constraint {t}_k check (id > 0)",
     "alter table {t} drop constraint {t}_k", ""),
    (T + "create table {t}_u (id int primary key)",
     "alter table {t} add foreign key (id) references {t}_u", "constraint-scan"),
    (T, "alter table {t} alter name set not null", "constraint-scan"),
    ("create domain {t} as int", "alter domain {t} add constraint {t}_k check (value > 0)",
     "constraint-scan"),
    ("create domain {t} as int check (value > 0)",
     "alter domain {t} drop constraint {t}_check", ""),
    ("create materialized view {t} as select 1 as a",
     "drop materialized view {t}; create materialized view {t} as select 2 as a", "long-lock"),
    ("", "create materialized view {t} as select 1 as a", ""),
    (T, "grant select on {t} to anon", "access-widened"),
    (T, "grant select (id) on {t} to anon", "access-widened"),
    (T + "grant select on {t} to anon", "grant select on {t} to anon with grant option",
     "access-widened"),
    (T + "grant select on {t} to anon", "revoke select on {t} from anon", ""),
    ("", T + "grant select on {t} to anon", ""),
    (T, "alter table {t} owner to anon", "access-widened"),
    (P, "alter table {t} disable row level security", "access-widened"),
    (T, "alter table {t} enable row level security", ""),
    (P + "alter table {t} force row level security", "alter table {t} no force row level security",
     "access-widened"),
    (P, POLICY, "access-widened"),
    (P, STRICT, ""),
    (P + POLICY, "drop policy p on {t}", ""),
    (P + STRICT, "drop policy p on {t}", "access-widened"),
    (P + STRICT, "drop table {t}", "data-loss"),
    (P + STRICT, "drop policy p on {t};" + POLICY, "access-widened"),
    (P + POLICY, "drop policy p on {t};" + STRICT, ""),
    (P + POLICY, "alter policy p on {t} using (id > 1)", "access-widened"),
    (P + POLICY, "alter policy p on {t} to anon, authenticated", "access-widened"),
    (P + STRICT, "alter policy p on {t} to anon, authenticated", ""),
    (P + "create policy p on {t} as restrictive to anon, authenticated using (true)",
     "alter policy p on {t} to anon", "access-widened"),
    ("create view {t} with (security_invoker = true) as select 1 as a",
     "alter view {t} reset (security_invoker)", "access-widened"),
    (V, "alter view {t} set (security_invoker = on)", ""),
    ("create view {t} with (security_barrier) as select 1 as a",
     "alter view {t} set (security_barrier = false)", "access-widened"),
    (V, "grant select (a) on {t} to anon", "access-widened"),
    (F, "alter function {t}() security definer", "access-widened"),
    (F + "alter function {t}() security definer", "alter function {t}() security invoker", ""),
    (F + "revoke execute on function {t}() from public",
     "grant execute on function {t}() to public", "access-widened"),
    (F, "revoke execute on function {t}() from public", ""),
    (F, "create or replace function {t}() returns int language sql as 'select 2'", ""),
    ("create schema {t}", "grant usage on schema {t} to anon", "access-widened"),
    ("create schema {t}",
     "alter default privileges in schema {t} grant select on tables to anon", "access-widened"),
    ("create schema {t}; alter default privileges in schema {t} grant select on tables to anon",
     "alter default privileges in schema {t} revoke select on tables from anon", ""),
    (T, "comment on table {t} is 'x'", ""),
    ("create type {t} as enum ('a')", "alter type {t} add value 'b'", ""),
]  # fmt: skip


async def test_each_hazard_is_said_when_the_table_of_them_says_so(ends: Ends) -> None:
    names = [f"c{n:03}" for n in range(len(HAZARDS))]
    for name, (before, change, _) in zip(names, HAZARDS, strict=True):
        for end in (ends.source, ends.target):
            if before:
                await end.run(before.replace("{t}", name))
        await ends.source.run(change.replace("{t}", name))
    plan = await ends.plan()
    said = {name: _said(plan, name) for name in names}
    want = {name: (HAZARDS[n][1], set(HAZARDS[n][2].split())) for n, name in enumerate(names)}
    assert {name: (want[name][0], said[name]) for name in names} == want
    assert not plan.cannot_apply
    await catalog.apply(ends.target, plan, SCOPE, journal=False)
    assert dump(ends.cluster, ends.target_dsn) == dump(ends.cluster, ends.source_dsn)


def _said(plan: catalog.Plan, name: str) -> set[str]:
    """Of the steps about objects that this name is a part of."""
    steps: Iterable[catalog.Step] = (
        step for step in plan.steps if any(name in word for word in step.id)
    )
    return {hazard.name for step in steps for hazard in step.hazards}
