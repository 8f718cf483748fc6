"""What is remembered and brought up to date is what a look at everything finds."""

from __future__ import annotations

import dataclasses
import json

import pytest

from supasync import catalog
from tests.fix_catalog import Ends
from tests.fix_sandbox import ON_MAIN

SCHEMA = """
create schema app; create schema other;
create type app.mood as enum ('low', 'high');
create domain app.amount as int constraint positive check (value > 0);
create type app.pair as (a int, b text);
create function app.rate() returns int language sql immutable as 'select 1';
create table app.t (id int generated always as identity primary key, m app.mood default 'low',
  x app.amount, y int default app.rate(), name varchar(9) check (name in ('a', 'b')),
  twice int generated always as (y * 2) stored);
create table app.u (id serial primary key, t int references app.t, p app.pair, n int not null);
create unique index un on app.u (n); alter table app.u replica identity using index un;
create index by_rate on app.t ((y + app.rate()));
create view app.v as select id, name, m from app.t; create view app.w as select count(*) from app.v;
alter view app.v alter name set default 'z';
create materialized view app.mv as select id from app.t;
create function app.row(app.t) returns text language sql as 'select ($1).name';
create function app.trg() returns trigger language plpgsql as 'begin return new; end';
create trigger tr before insert on app.t for each row execute function app.trg();
alter table app.t enable row level security;
create policy own on app.t to anon using (name = current_user and y > app.rate());
create publication pub for table app.t (id, name) where (id > 1);
comment on table app.t is 'tee'; comment on column app.t.x is 'ex'; comment on domain app.amount is
  'am'; comment on constraint positive on domain app.amount is 'pos';
grant select on app.v to anon; grant select (name) on app.t to anon;
alter default privileges in schema app grant select on tables to anon;
create foreign data wrapper w validator postgresql_fdw_validator;
create server s foreign data wrapper w options (host 'h');
create user mapping for anon server s options ("user" 'u');
create collation app.c (locale = 'C'); create table app.lc (a text collate app.c);
create text search parser app.tp (start = prsd_start, gettoken = prsd_nexttoken, end = prsd_end,
  lextypes = prsd_lextype);
create text search template app.tt (init = dsimple_init, lexize = dsimple_lexize);
create text search dictionary app.td (template = app.tt);
create text search configuration app.tc (parser = app.tp);
alter text search configuration app.tc add mapping for word, asciiword with app.td;
create statistics app.st on m, y from app.t;
create rule quiet as on delete to app.u do instead nothing;
create extension hstore schema other; create table other.config (id int);
alter extension hstore add table other.config;
create schema ops;
create type ops.span as range (subtype = int4);
create type ops.bt; create function ops.bt_in(cstring) returns ops.bt language internal immutable
  strict as 'int4in'; create function ops.bt_out(ops.bt) returns cstring language internal
  immutable strict as 'int4out'; create type ops.bt (input = ops.bt_in, output = ops.bt_out,
  like = int4); create function ops.bt_send(ops.bt) returns bytea language internal immutable strict
  as 'int4send'; create type ops.shell;
create function ops.lt(int4range, int4range) returns bool language internal immutable strict as
  'range_lt'; create function ops.gt(int4range, int4range) returns bool language internal immutable
  strict as 'range_gt';
create operator ops.<<| (leftarg = int4range, rightarg = int4range, function = ops.lt,
  commutator = operator(ops.|>>));
create operator ops.|>> (leftarg = int4range, rightarg = int4range, function = ops.gt,
  commutator = operator(ops.<<|));
create operator family ops.ints using btree; create operator class ops.int_ops for type int4
  using btree family ops.ints as operator 1 <, operator 3 =, function 1 btint4cmp(int4, int4);
alter operator family ops.ints using btree add operator 3 = (int4, int8),
  function 1 (int4, int8) btint48cmp(int4, int8);
create operator class ops.boxes for type box using gist as operator 1 <<, operator 3 &&,
  function 1 gist_box_consistent(internal, box, smallint, oid, internal),
  function 2 gist_box_union(internal, internal),
  function 5 gist_box_penalty(internal, internal, internal),
  function 6 gist_box_picksplit(internal, internal), function 7 gist_box_same(box, box, internal);
create aggregate ops.total(int) (sfunc = int4pl, stype = int);
create cast (app.mood as varchar) with inout; comment on cast (app.mood as varchar) is 'cast';
create conversion ops.conv for 'LATIN1' to 'UTF8' from iso8859_1_to_utf8;
create access method am type index handler hashhandler;
create function ops.call() returns language_handler language c as '$libdir/plpgsql',
  'plpgsql_call_handler'; create language lang handler ops.call;
create transform for int language lang (from sql with function prsd_lextype(internal));
"""

CHANGES = """
alter table app.t add z text default 'q'
alter table app.t rename to tt
alter table app.tt rename to t
alter table app.t rename name to label
alter table app.t rename label to name
comment on table app.t is 'other'
comment on table app.t is null
comment on column app.t.x is null
comment on constraint positive on domain app.amount is null
comment on index app.t_pkey is 'key'
comment on index app.t_pkey is null
alter index app.un rename to un2
alter table app.u replica identity default
alter table app.t alter y drop default
alter view app.v alter name drop default
alter type app.mood add value 'middle' before 'high'
alter type app.mood rename value 'low' to 'lowest'
alter type app.mood rename to feeling
alter type app.feeling rename to mood
alter type app.mood set schema other
alter domain app.amount drop constraint positive
alter domain app.amount add constraint small check (value < 100)
alter domain app.amount set default 5
alter type app.pair add attribute c int
alter type app.pair rename to couple
create or replace function app.rate() returns int language sql immutable as 'select 2'
alter function app.rate() rename to ratio
alter function app.ratio() owner to anon
revoke execute on function app.ratio() from public
create or replace view app.v as select id, name, m, x from app.t
alter view app.v set (security_invoker = true)
grant select (id) on app.v to authenticated
revoke all on app.v from anon
drop view app.w
alter sequence app.u_id_seq owned by none
alter sequence app.u_id_seq increment by 5
alter sequence app.t_id_seq rename to t_numbers
alter table app.t alter id set generated by default
alter table app.t alter id drop identity
alter table app.u drop column p
alter table app.t disable trigger tr
alter trigger tr on app.t rename to tr2
drop trigger tr2 on app.t
alter policy own on app.t to authenticated
alter policy own on app.t rename to mine
drop policy mine on app.t
alter table app.t disable row level security
alter publication pub set table app.t
alter publication pub set (publish = 'insert')
alter publication pub rename to pub2
alter publication pub2 drop table app.t
drop publication pub2
alter index app.by_rate alter column 1 set statistics 99
cluster app.u using u_pkey
drop index app.by_rate
alter table app.u drop constraint u_t_fkey
alter table app.u alter n type bigint
alter table app.t set (fillfactor = 60, toast.autovacuum_enabled = false)
alter default privileges in schema app revoke select on tables from anon
alter materialized view app.mv rename to mv2
alter collation app.c rename to c2
comment on collation app.c2 is 'see'
alter text search parser app.tp rename to tp2
alter text search template app.tt rename to tt2
alter text search dictionary app.td (stopwords = english)
alter text search dictionary app.td rename to td2
alter text search configuration app.tc alter mapping for word with app.td2, simple
alter text search configuration app.tc drop mapping for asciiword
alter text search configuration app.tc owner to anon
alter statistics app.st set statistics 7
alter statistics app.st rename to st2
comment on statistics app.st2 is 'st'
drop statistics app.st2
alter table app.u disable rule quiet
alter rule quiet on app.u rename to silent
comment on rule silent on app.u is 'sh'
drop rule silent on app.u
grant execute on function other.akeys(other.hstore) to anon
grant select on other.config to anon
grant select (id) on other.config to authenticated
alter table other.config enable row level security
create policy own on other.config using (id > 0)
alter policy own on other.config using (id > 1)
revoke execute on function other.akeys(other.hstore) from anon
alter extension hstore set schema app
comment on extension hstore is 'ours'
alter extension hstore drop table app.config
drop extension hstore
grant usage on foreign server s to anon
alter user mapping for anon server s options (set "user" 'v')
create user mapping for public server s
drop user mapping for anon server s
alter server s options (set host 'i')
alter foreign data wrapper w no validator
alter foreign data wrapper w rename to w2
alter server s rename to s2
alter type ops.span rename to reach
alter type ops.span_multirange rename to reaches
alter type ops.reaches set schema other
alter type ops.bt rename to base
alter function ops.bt_in(cstring) rename to base_in
alter type ops.base set (send = ops.bt_send)
drop type ops.shell
alter operator ops.<<| (int4range, int4range) set (restrict = scalarltsel)
alter operator ops.|>> (int4range, int4range) set schema other
drop operator other.|>> (int4range, int4range)
alter function ops.lt(int4range, int4range) rename to less
alter operator family ops.ints using btree drop operator 3 (int4, int8)
alter operator family ops.ints using btree add operator 1 < (int4, int8)
alter operator family ops.ints using btree drop function 1 (int4, int8)
alter operator family ops.boxes using gist drop operator 1 (box, box)
alter operator family ops.ints using btree rename to whole
alter operator class ops.int_ops using btree owner to anon
comment on operator class ops.int_ops using btree is 'cls'
drop operator class ops.int_ops using btree
create or replace aggregate ops.total(int) (sfunc = int4pl, stype = int, initcond = '0')
alter aggregate ops.total(int) rename to summed
alter type other.mood rename to temper
comment on cast (other.temper as varchar) is null
drop cast (other.temper as varchar)
alter conversion ops.conv rename to conv2
drop conversion ops.conv2
comment on access method am is 'hash'
drop access method am
create or replace trusted language lang handler ops.call
alter language lang rename to tongue
revoke usage on language tongue from public
revoke usage on language plpgsql from public
comment on language plpgsql is 'ours'
create or replace transform for int language tongue (to sql with function int4recv(internal))
drop transform for int language tongue
drop language tongue
alter schema ops rename to operations
drop schema operations cascade
alter schema app rename to application
drop schema application cascade
create table public.last (id int)
truncate public.last
drop schema public cascade
create schema public
"""

TIED = """
create type pair as (a int, b int); create table typed of pair;
create table p (id int not null, v text default 'x') partition by range (id);
create table p1 partition of p for values from (0) to (10);
create table p2 partition of p for values from (10) to (20);
create table p3 (id int not null, v text);
create index by_v on p (v); create index lone on only p (id);
create function f() returns trigger language plpgsql as 'begin return new; end';
create trigger t after insert on p for each row execute function f();
create table q (id int primary key); create table r (id int references q) partition by list (id);
create table r1 partition of r for values in (1);
create table parent (a int, constraint ck check (a > 0)); create table child (b int)
  inherits (parent);
create foreign data wrapper w; create server s foreign data wrapper w;
create foreign table far (id int options (x 'y')) server s options (t 'u');
"""

TIED_CHANGES = """
alter table p attach partition p3 for values from (20) to (30)
alter table p detach partition p3
alter table p1 rename to one
alter index p2_v_idx rename to two
alter table p2 disable trigger t
alter table p enable always trigger t
create index one_id on one (id)
alter index lone attach partition one_id
alter trigger t on p rename to tt
drop trigger tt on p
alter table p add w int default 3
alter table p alter v drop default
alter table p2 alter v set default 'y'
alter table p rename v to value
alter table p add constraint ck check (id >= 0)
comment on constraint ck on p2 is 'two'
alter table p drop constraint ck
alter table p rename to whole
alter table whole add constraint pk primary key (id)
alter table one rename constraint one_pkey to one_pk
alter table whole drop constraint pk
drop index by_v
drop table p2
alter table r detach partition r1
alter table q rename to qq
alter table child no inherit parent
alter table child inherit parent
alter table parent rename to elder
alter table elder add n int
alter table only elder drop column n
alter table only elder drop constraint ck
alter table child alter a set default 4
drop table elder cascade
alter table typed not of
alter table typed of pair
alter type pair rename to couple
alter foreign table far options (set t 'v')
alter foreign table far alter id options (drop x)
alter server s rename to s2
drop foreign table far
drop table whole
"""


@ON_MAIN
@pytest.mark.parametrize(
    ("schema", "changes"), [(SCHEMA, CHANGES), (TIED, TIED_CHANGES)], ids=["kinds", "tied tables"]
)
async def test_every_kind_of_change_is_seen(ends: Ends, schema: str, changes: str) -> None:
    await ends.target.run(schema)
    remembered = await ends.observe(ends.target)
    for change in changes.strip().splitlines():
        await ends.target.run(change)
        updated = await ends.observe(ends.target, remembered)
        fresh = await ends.observe(ends.target)
        assert updated.digests == fresh.digests, change
        assert (updated.fingerprint, updated.addresses, updated.about["accepted"]) == (
            fresh.fingerprint,
            fresh.addresses,
            fresh.about["accepted"],
        ), change
        if change != "truncate public.last":
            assert fresh.fingerprint != remembered.fingerprint, change
        remembered = updated


async def test_changes_that_happened_one_after_the_other_are_all_seen(ends: Ends) -> None:
    await ends.target.run(SCHEMA)
    remembered = await ends.observe(ends.target)
    for number, change in enumerate(CHANGES.strip().splitlines(), start=1):
        await ends.target.run(change)
        if number % 8 == 0:
            updated = await ends.observe(ends.target, remembered)
            assert updated.digests == (await ends.observe(ends.target)).digests, change


async def test_nothing_is_read_when_the_stamp_is_the_remembered_one(ends: Ends) -> None:
    await ends.target.run(SCHEMA)
    remembered = await ends.observe(ends.target)
    asked: list[str] = []

    class Listening:
        name = ends.target.name

        async def fetch(self, sql: str) -> str | None:
            answer = await ends.target.fetch(sql)
            asked.append(answer or "")
            return answer

    await ends.target.run("select pg_current_xact_id()::text")
    same = await catalog.observe(Listening(), catalog.scope("all"), remembered)
    [[*answer, horizon]] = (json.loads(answer) for answer in asked)
    assert answer == [remembered.stamp, None, remembered.shared[0], None]
    assert int(horizon) > int(remembered.about["horizon"])
    assert same == dataclasses.replace(remembered, about={**remembered.about, "horizon": horizon})


async def test_another_scope_does_not_use_what_was_remembered(ends: Ends) -> None:

    await ends.target.run(SCHEMA)
    remembered = await ends.observe(ends.target)
    other = catalog.scope("all", keep_functions=["app.rate"])
    state = await catalog.observe(ends.target, other, remembered)
    assert ("function", "app", "rate", "") in remembered.digests
    assert ("function", "app", "rate", "") not in state.digests


async def test_a_horizon_from_another_line_of_history_is_not_built_upon(ends: Ends) -> None:
    """After a restore to an earlier point, transactions count anew."""
    await ends.target.run(SCHEMA)
    state = await ends.observe(ends.target)
    later = {**state.about, "horizon": str(int(state.about["horizon"]) + 5000)}
    elsewhere = {**state.about, "roles": "other"}
    await ends.target.run("create table app.unseen (id int)")
    for about in (later, elsewhere):
        remembered = dataclasses.replace(state, about=about)
        looked = await ends.observe(ends.target, remembered)
        assert ("table", "app", "unseen") in looked.digests


async def test_names_that_are_only_in_texts_are_seen(ends: Ends) -> None:
    await ends.target.run(
        "create collation c (provider = libc, locale = 'C');"
        "create text search configuration words (copy = simple);"
        "create table t (a text collate c, b text);"
        "create index i on t using gin (to_tsvector('words', b));"
    )
    remembered = await ends.observe(ends.target)
    for change in (
        "alter collation c rename to d",
        "alter text search configuration words rename to terms",
        "comment on extension plpgsql is 'other'",
    ):
        await ends.target.run(change)
        remembered = await ends.observe(ends.target, remembered)
        assert remembered.digests == (await ends.observe(ends.target)).digests, change


async def test_what_a_session_looked_at_before_is_not_in_the_stamp(ends: Ends) -> None:
    before = await ends.observe(ends.target)
    await catalog.observe(ends.target, catalog.scope("supabase"))  # gathers what has no date
    assert (await ends.observe(ends.target)).stamp == before.stamp
