"""Pieces of a schema that can be combined freely: each names what it needs."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final


@dataclass(frozen=True)
class Piece:
    """variants: alternative SQL; a schema has at most one of them."""

    name: str
    variants: tuple[str, ...]
    needs: tuple[str, ...] = field(default=())


PIECES: Final = (
    Piece("app", ("create schema app", "create schema app; grant usage on schema app to anon")),
    Piece(
        "mood",
        (
            "create type app.mood as enum ('low', 'high')",
            "create type app.mood as enum ('low', 'middle', 'high', 'top')",
            "create type app.mood as enum ('high', 'low')",
        ),
        ("app",),
    ),
    Piece(
        "amount",
        (
            "create domain app.amount as numeric(10, 2) check (value >= 0)",
            "create domain app.amount as bigint default 7",
        ),
        ("app",),
    ),
    Piece(
        "rate",
        (
            "create function app.rate() returns int language sql immutable as 'select 2'",
            "create function app.rate() returns int language sql immutable as 'select 3'",
            "create function app.rate() returns bigint language sql immutable as"
            " 'select 4::bigint'",
        ),
        ("app",),
    ),
    Piece(
        "ship",
        (
            "create table app.ship (id int primary key, name text not null, flag varchar(9))",
            "create table app.ship (name text, id bigint generated always as identity primary key)",
            "create table app.ship (id serial primary key, name text unique, flag text,"
            " constraint ship_flag check (flag in ('se', 'no')))",
        ),
        ("app",),
    ),
    Piece(
        "crew",
        (
            "create table app.crew (id int primary key, ship bigint, mood app.mood default 'low')",
            "create table app.crew (ship bigint, id int primary key, mood app.mood, tags text[],"
            " twice int generated always as (id * 2) stored)",
        ),
        ("app", "mood"),
    ),
    Piece(
        "pay",
        (
            "alter table app.crew add pay app.amount",
            "alter table app.crew add pay app.amount not null default 1",
        ),
        ("crew", "amount"),
    ),
    Piece("rated", ("alter table app.crew add rated bigint default app.rate()",), ("crew", "rate")),
    Piece(
        "aboard",
        (
            "create view app.aboard as select c.id, s.name, c.mood from app.crew c"
            " join app.ship s on s.id = c.ship where c.mood in ('low', 'high')",
            "create view app.aboard with (security_invoker = true) as"
            " select c.id, s.name, c.mood, s.id as ship from app.crew c"
            " join app.ship s on s.id = c.ship",
        ),
        ("crew", "ship"),
    ),
    Piece(
        "count",
        (
            "create view app.count as select count(*) as n, name from app.aboard group by name",
            "create materialized view app.count as select count(*) as n from app.aboard",
        ),
        ("aboard",),
    ),
    Piece(
        "named",
        (
            "create function app.named(app.ship) returns text language sql as 'select ($1).name'",
            "create function app.named(app.ship, int default 1) returns text language plpgsql as"
            " 'begin return ($1).name; end'",
        ),
        ("ship",),
    ),
    Piece(
        "rls",
        (
            "alter table app.ship enable row level security; create policy own on app.ship"
            " for select to anon using (name = current_user)",
            "alter table app.ship enable row level security; create policy own on app.ship"
            " to authenticated, anon using (name in ('a', 'b')) with check (name <> 'c')",
        ),
        ("ship",),
    ),
    Piece(
        "crew_rls",
        ("create policy ours on app.crew using (ship in (select id from app.ship))",),
        ("crew", "ship"),
    ),
    Piece(
        "by_rate",
        (
            "create index by_rate on app.ship ((length(name) + app.rate()))",
            "create unique index by_rate on app.ship (name) where name <> 'x'",
        ),
        ("ship", "rate"),
    ),
    Piece(
        "touch",
        (
            "create function app.touch() returns trigger language plpgsql as"
            " 'begin return new; end'; create trigger touch before insert on app.ship"
            " for each row when (new.name is not null) execute function app.touch()",
            "create function app.touch() returns trigger language plpgsql security definer as"
            " 'begin return old; end'; create trigger touch after update of name on app.ship"
            " for each row execute function app.touch('x'); alter table app.ship"
            " disable trigger touch",
        ),
        ("ship",),
    ),
    Piece(
        "grants",
        (
            "grant select, insert on app.ship to anon; grant select (name) on app.ship"
            " to authenticated",
            "grant all on app.ship to service_role; grant select on app.ship to anon"
            " with grant option; comment on table app.ship is 'it''s afloat'",
        ),
        ("ship",),
    ),
    Piece(
        "comments",
        (
            "comment on column app.ship.name is 'painted'; comment on schema app is 'a'",
            "comment on column app.ship.id is 'number'; comment on constraint ship_pkey"
            " on app.ship is 'key'",
        ),
        ("ship",),
    ),
    Piece(
        "born",
        (
            "alter default privileges in schema app grant select on tables to anon",
            "alter default privileges in schema app grant all on functions to service_role",
        ),
        ("app",),
    ),
    Piece("later", ("create table app.later (id serial, at timestamptz)",), ("app",)),
    Piece(
        "told",
        (
            "create publication told for table app.ship",
            "create publication told for table app.ship (id) where (id > 3)",
        ),
        ("ship",),
    ),
    Piece(
        "berth",
        (
            "create table app.berth (id int, quay text, primary key (id, quay))"
            " partition by list (quay);"
            " create table app.berth_north partition of app.berth for values in ('n');"
            " create table app.berth_rest partition of app.berth default",
            "create table app.berth (id int not null, quay text default 'n')"
            " partition by range (id);"
            " create table app.berth_north (id int not null, quay text default 'x');"
            " alter table app.berth attach partition app.berth_north for values from (0) to (9);"
            " create index berth_quay on app.berth (quay)",
        ),
        ("app",),
    ),
    Piece(
        "tug",
        (
            "create table app.tug (power int) inherits (app.ship)",
            "create table app.tug (id int not null, name text not null, power int);"
            " comment on table app.tug is 'pulls'",
        ),
        ("ship",),
    ),
    Piece(
        "span",
        (
            "create type app.span as range (subtype = int)",
            "create type app.span as range (subtype = numeric, multirange_type_name = spans);"
            " create table app.spanned (s app.span, exclude using gist (s with &&))",
        ),
        ("app",),
    ),
    Piece(
        "total",
        (
            "create aggregate app.total(int) (sfunc = int4pl, stype = int, initcond = '0')",
            "create aggregate app.total(int) (sfunc = int4mul, stype = int, initcond = '1');"
            " create view app.totals as select app.total(id) from app.later",
        ),
        ("later",),
    ),
    Piece(
        "near",
        (
            "create function app.near(point, point) returns bool language sql immutable as"
            " 'select true'; create operator app.~~~ (leftarg = point, rightarg = point,"
            " function = app.near)",
            "create function app.near(point, point) returns bool language sql immutable as"
            " 'select false'; create operator app.~~~ (leftarg = point, rightarg = point,"
            " function = app.near, commutator = operator(app.~~~))",
        ),
        ("app",),
    ),
    Piece(
        "pair",
        (
            "create type app.pair as (a int, b app.amount)",
            "create type app.pair as (b app.amount, a int, c text);"
            " create function app.pairs() returns setof app.pair language sql as"
            " 'select null::app.amount, 1, null::text'",
        ),
        ("amount",),
    ),
    Piece(
        "remote",
        (
            "create foreign data wrapper w; create server app_far foreign data wrapper w;"
            " create foreign table app.far (id int, note text) server app_far",
            "create foreign data wrapper w options (a 'b'); create server app_far type 'x'"
            " foreign data wrapper w; create foreign table app.far (id int not null,"
            " note text options (n 'm')) server app_far options (t 'far')",
        ),
        ("app",),
    ),
    Piece(
        "twice_named",
        (
            "create index on app.crew ((id + ship))",
            'create unique index "It\'s odd" on app.crew (ship, id desc) include (mood)',
        ),
        ("crew",),
    ),
    Piece(
        "key",
        (
            'alter table app.crew add constraint "a key" foreign key (id) references app.crew',
            'alter table app.crew add constraint "a key" unique (ship) deferrable',
        ),
        ("crew",),
    ),
)
