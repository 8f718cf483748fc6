"""The sandbox's diff turns one schema into the other, by the very dumps it is made from."""

from __future__ import annotations

from supasync.sandbox import schemadiff
from tests.fix_catalog import Ends
from tests.fix_sandbox import ON_MAIN

pytestmark = ON_MAIN

COMMON = """
create table public.same (id int primary key, n int check (n > 0));
create function public.t() returns trigger language plpgsql as 'begin return new; end';
"""
A = """
create type public.e as enum ('a'); create sequence public.s;
create table public.old (id int primary key, e public.e default 'a', n int);
create index old_n on public.old (n); alter table public.old enable row level security;
create policy "p ""q"" r" on public.old using (true);
create trigger g before insert on public.old for each row execute function public.t();
create view public.v as select id from public.old; comment on view public.v is 'x';
create function public.f(a int, b text default 'x') returns int language sql as 'select 1';
alter table public.same add constraint odd check (n < 9); grant select on public.same to anon;
"""
B = """
create table public.new (id int primary key, p int references public.same);
create view public.v as select id, id as more from public.same;
create function public.f(a int, b text default 'x') returns int language sql as 'select 2';
alter table public.same add constraint odd check (n < 8); alter table public.same add column x int;
"""


async def test_what_differs_is_turned_into_the_other(ends: Ends):
    def dump(dsn: str) -> str:
        return schemadiff.dump(ends.cluster.binaries.tool("pg_dump"), dsn, ["public"])

    await ends.source.run(COMMON + A)
    await ends.target.run(COMMON + B)
    text = schemadiff.difference(dump(ends.source_dsn), dump(ends.target_dsn))
    assert "public.t(" not in text.replace("EXECUTE FUNCTION public.t()", "")
    await ends.source.run(text)
    left, right = (schemadiff.entries(dump(dsn)) for dsn in (ends.source_dsn, ends.target_dsn))
    assert left == right
    assert schemadiff.difference(dump(ends.source_dsn), dump(ends.target_dsn)) == ""


async def test_a_schema_that_is_on_one_side_only(ends: Ends):
    await ends.target.run('create schema "od.d"; create table "od.d"."T" (id int)')
    tool = ends.cluster.binaries.tool("pg_dump")
    dumps = [schemadiff.dump(tool, dsn, ["od.d"]) for dsn in (ends.source_dsn, ends.target_dsn)]
    assert 'CREATE TABLE "od.d"."T"' in schemadiff.difference(*dumps)
    assert 'drop schema if exists "od.d" cascade;' in schemadiff.difference(*reversed(dumps))
    everything = schemadiff.dump(tool, ends.target_dsn, [])
    assert '"od.d"' in everything


async def test_the_order_of_a_policys_roles_is_no_difference(ends: Ends):
    """pg_dump tells them in the order of their rows, and an ALTER ROLE makes a new row."""
    tool = ends.cluster.binaries.tool("pg_dump")
    await ends.source.run(
        'create table public.t (id int); create policy "to a, b" on public.t as restrictive'
        " for select to anon, authenticated using (id > 0)"
    )
    before = schemadiff.dump(tool, ends.source_dsn, ["public"])
    first = "anon" if " TO anon, authenticated" in before else "authenticated"
    await ends.source.run(f"alter role {first} createdb; alter role {first} nocreatedb")
    after = schemadiff.dump(tool, ends.source_dsn, ["public"])
    assert before.count("authenticated") == 1 and "TO anon, auth" in before + after
    assert "TO authenticated, anon" in before + after
    assert schemadiff.difference(before, after) == ""
