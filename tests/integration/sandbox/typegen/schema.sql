-- What type generation has to get right, in two schemas; another one is not asked for.
create schema app;
create schema hidden;

create type public.mood as enum ('sad', 'ok', 'say "hi"');
create type public.certificate_status as enum
  ('pending_review', 'approved_by_master', 'rejected_by_master', 'expired_and_archived');
create type hidden.secret_kind as enum ('a', 'b');
create type app.point_2d as (x float8, y numeric, kind public.mood, inside hidden.secret_kind);
create domain public.email as text check (value like '%@%');
create domain public.tags as text[];

create table public.ships (
  id bigint generated always as identity primary key,
  "Call Sign" text not null unique,
  "class" public.mood default 'ok',
  statuses public.certificate_status[] not null default '{}',
  kind hidden.secret_kind,
  contact public.email not null,
  labels public.tags,
  position app.point_2d,
  track app.point_2d[],
  meta jsonb not null,
  extra json,
  built date,
  tonnage numeric(10, 2),
  active boolean not null default true,
  size int generated always as (length("Call Sign")) stored,
  raw bytea,
  span int4range,
  place point,
  "_start" timestamptz,
  "ünder" text,
  "2nd" int
);
create table public.crew (
  ship bigint references public.ships on delete cascade,
  seat int,
  name varchar(20),
  primary key (ship, seat)
);
create table public.berths (
  ship bigint, seat int,
  captain_of bigint unique references public.ships,
  foreign key (ship, seat) references public.crew (ship, seat),
  unique (ship, seat)
);
create table app.logs (
  id uuid primary key default gen_random_uuid(),
  ship bigint references public.ships,
  parent uuid references app.logs
);
create table public.empty ();
create table public.parted (id int, at date, primary key (id, at)) partition by range (at);
create table public.parted_2026 partition of public.parted
  for values from ('2026-01-01') to ('2027-01-01');

create view public.active_ships as
  select id, "Call Sign" as sign, "class" from public.ships where active;
create view public.crew_list as
  select c.ship, c.seat, c.name, c.ship as again, s."Call Sign", s.id as ship_id
  from public.crew c join public.ships s on s.id = c.ship;
create view public.over as select a.id as over_id, (select 1) as one from public.active_ships a;
create materialized view public.counts as select ship, count(*) as n from public.crew group by ship;
create view public.written as select 1 as a, 2 as b;
create function public.write() returns trigger language plpgsql as 'begin return new; end';
create trigger write instead of insert on public.written
  for each row execute function public.write();

create function public.add(a int, b int default 1) returns int language sql as 'select a + b';
create function public.nothing() returns void language sql as '';
create function public.everyone() returns setof public.crew language sql as 'select * from public.crew';
create function public.one_of() returns setof public.crew rows 1 language sql
  as 'select * from public.crew limit 1';
create function public.newest() returns public.ships language sql
  as 'select * from public.ships limit 1';
create function public.table_of(prefix text) returns table (id int, title text, mood public.mood)
  language sql as $$ select 1, prefix, 'ok'::public.mood $$;
create function public.outs(a int, out b int, out c text) language sql as $$ select a, 'x' $$;
create function public.full_sign(public.ships) returns text language sql as 'select $1."Call Sign"';
create function public.named_field(ship public.ships) returns int language sql as 'select 1';
create function public.crew_of(public.ships) returns setof public.crew language sql
  as 'select * from public.crew where ship = $1.id';
create function public.ship_of(public.crew) returns public.ships language sql
  as 'select * from public.ships where id = $1.ship';
create function public.log_of(public.ships) returns app.logs language sql
  as 'select * from app.logs limit 1';
create function public.over_loaded(a int) returns int language sql as 'select 1';
create function public.over_loaded(a text) returns text language sql as 'select a';
create function public.over_loaded(a int, b int) returns int language sql as 'select 1';
create function public.body(json) returns json language sql as 'select $1';
create function public.maybe() returns int language sql as 'select 1';
create function public.maybe(text default '') returns text language sql as 'select $1';
create function public.nameless(int) returns int language sql as 'select $1';
create function public.many(variadic items text[]) returns setof text language sql
  as 'select unnest(items)';
create function public.doma(e public.email) returns public.email language sql as 'select e';
create function public.kind_of() returns hidden.secret_kind language sql as $$ select 'a'::hidden.secret_kind $$;
create function public.long_one(
  a_rather_long_argument text, another_rather_long_argument timestamptz, third_one jsonb default '{}')
  returns public.certificate_status[] language sql as $$ select '{}'::public.certificate_status[] $$;
create function app.points() returns setof app.point_2d language sql
  as 'select position from public.ships';
create function public.records() returns setof record language sql as 'select 1, 2';
create function public."Odd Name"() returns trigger language plpgsql as 'begin return new; end';
create function public."Odd Call"("an Arg" int) returns int language sql as 'select 1';
