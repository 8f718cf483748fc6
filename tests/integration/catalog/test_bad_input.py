"""Ends that do not hold still, or cannot be read: said by name, never taken for equal."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import pytest

from supasync import catalog, direct
from supasync.catalog import fetching
from supasync.errors import SchemaMoving, SourceMoved, SqlError, Unprintable
from tests.fix_catalog import Ends, dump

SCOPE = catalog.scope("all")

WHOLE = ";".join(
    f"create function fine{n}() returns int language sql as 'select 1';"
    f"create table fine_t{n} (id int primary key, v int default 1 check (v > 0));"
    f"create view fine_v{n} as select id from fine_t{n}"
    for n in range(8)
)
DAMAGE = {
    "ROUTINE public.f.integer": (
        "create function f(int) returns int language sql as 'select 1';"
        "update pg_proc set prolang = 4242 where proname = 'f'"
    ),
    "VIEW public.v": (
        "create table gone (a int); create view v as select a from gone;"
        "delete from pg_class where relname = 'gone'"
    ),
    "DEFAULT public.t.a": (
        "create function f() returns int language sql as 'select 1';"
        "create table t (a int default f()); delete from pg_proc where proname = 'f'"
    ),
    "CONSTRAINT public.t.k": (
        "create function f(int) returns boolean language sql as 'select true';"
        "create table t (a int constraint k check (f(a))); delete from pg_proc where proname = 'f'"
    ),
    "POLICY public.t.p": (
        "create function f() returns boolean language sql as 'select true';"
        "create table t (a int); create policy p on t using (f());"
        "delete from pg_proc where proname = 'f'"
    ),
    "INDEX public.i": (
        "create function f(int) returns int language sql immutable as 'select 1';"
        "create table t (a int); create index i on t (f(a));"
        "delete from pg_proc where proname = 'f'"
    ),
    "MATERIALIZED VIEW public.m": (
        "create function f() returns int language sql as 'select 1';"
        "create materialized view m as select f(); delete from pg_proc where proname = 'f'"
    ),
}


async def test_a_schema_of_our_name_with_a_comment_of_somebody_else(ends: Ends) -> None:
    for end in (ends.source, ends.target):
        await end.run("create schema supasync")
    for comment in ("our sync notes", "[]", '{"accepted": 7}'):
        await ends.target.run(f"comment on schema supasync is '{comment}'")
        assert (await ends.plan()).is_empty


@pytest.mark.parametrize("named", DAMAGE)
async def test_what_the_server_cannot_print_is_named(ends: Ends, named: str) -> None:
    await ends.source.run(f"{WHOLE}; {DAMAGE[named]}")
    with pytest.raises(Unprintable) as caught:
        await ends.observe(ends.source)
    assert f"PostgreSQL cannot print\n  {named}: cache lookup failed" in caught.value.message or (
        f"PostgreSQL cannot print\n  {named}: could not open relation" in caught.value.message
    )
    assert "fine" not in caught.value.message


async def test_all_that_cannot_be_printed_are_named(ends: Ends) -> None:
    damaged = ";".join(
        f"create function f{n}() returns int language sql as 'select 1'" for n in range(12)
    )
    await ends.target.run(
        f"{WHOLE}; {damaged}; {DAMAGE['POLICY public.t.p']};"
        "update pg_proc set prolang = 4242 where proname ~ '^f[0-9]'"
    )
    with pytest.raises(Unprintable) as caught:
        await ends.plan()
    lines = caught.value.message.splitlines()
    assert len([line for line in lines if line.startswith("  ROUTINE public.f")]) == 10
    assert lines[-1] == "  and 3 more"


async def test_a_view_without_its_rule_is_named(ends: Ends) -> None:
    await ends.source.run(
        "create view v as select 1 as a; delete from pg_rewrite where ev_class = 'v'::regclass"
    )
    with pytest.raises(Unprintable, match=r"VIEW public\.v: it has no definition"):
        await ends.plan()


def test_the_command_says_unknown_and_which(ends: Ends) -> None:
    subject = DAMAGE["VIEW public.v"]
    ends.cluster.execute(*subject.split(";"), database=ends.source_dsn.rpartition("/")[2])
    done = subprocess.run(
        [
            *(sys.executable, "-c", "from supasync.cli.main import main; main()"),
            *("schema", "diff", ends.source_dsn, ends.target_dsn),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 3
    assert "Unknown" in done.stdout
    assert "VIEW public.v: could not open relation" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr


@dataclass(frozen=True)
class Slow:
    """A database whose looks take long between the stamp and the rest, while others write."""

    name: str
    inner: direct.Database
    meanwhile: Callable[[], Awaitable[object]]

    async def fetch(self, sql: str) -> str | None:
        slow = sql.replace("execute query ||", "perform pg_sleep(0.6); execute query ||", 1)
        task = asyncio.create_task(self.inner.fetch(slow))
        if slow != sql:
            await asyncio.sleep(0.3)
            await self.meanwhile()
        return await task


async def test_a_look_that_was_overtaken_is_taken_again(ends: Ends) -> None:
    await ends.source.run("create table t (a int); create view v as select a from t")
    changes = ["alter table t rename to u"]

    async def once() -> None:
        if changes:
            await ends.source.run(changes.pop())

    state = await catalog.observe(Slow("source", ends.source, once), SCOPE)
    assert not changes
    fresh = await ends.observe(ends.source)
    assert (state.stamp, state.digests) == (fresh.stamp, fresh.digests)
    assert ("table", "public", "u") in state.digests


async def test_rows_that_others_write_do_not_count_as_a_change(ends: Ends) -> None:
    await ends.source.run("create table t (a int)")

    async def fill() -> None:
        await ends.source.run("insert into t values (1)")

    state = await catalog.observe(Slow("source", ends.source, fill), SCOPE)
    assert state.digests == (await ends.observe(ends.source)).digests


async def test_a_schema_that_does_not_hold_still_is_unknown(ends: Ends) -> None:
    await ends.source.run("create table t (a int)")
    ended = asyncio.Event()

    async def churn() -> None:
        while not ended.is_set():
            await ends.source.run("alter table t add b int")
            await ends.source.run("alter table t drop b")

    churning = asyncio.create_task(churn())
    try:
        with pytest.raises(SchemaMoving, match="kept changing while it was read"):
            await catalog.observe(Slow("source", ends.source, lambda: asyncio.sleep(0)), SCOPE)
    finally:
        ended.set()
        await churning


async def test_a_source_that_changes_after_the_look_is_not_planned_from(ends: Ends) -> None:
    await ends.source.run("create table t (a int)")
    source, target = await ends.observe(ends.source), await ends.observe(ends.target)
    await ends.source.run("alter table t alter a type bigint")
    with pytest.raises(SourceMoved):
        await catalog.make_plan(ends.source, source, ends.target, target, SCOPE)


async def test_a_change_is_noticed_in_the_first_and_in_the_last_of_many_answers(
    ends: Ends, monkeypatch: pytest.MonkeyPatch
) -> None:
    await ends.source.run("create table t (a int); create view v as select a from t")
    target = await ends.observe(ends.target)
    whole = await ends.plan()
    monkeypatch.setattr(fetching, "_MOST", 1)
    assert (await ends.plan()).statements == whole.statements != ()
    for change in ("alter table t enable row level security", "comment on view v is 'seen'"):
        source = await ends.observe(ends.source)
        await ends.source.run(change)
        with pytest.raises(SourceMoved):
            await catalog.make_plan(ends.source, source, ends.target, target, SCOPE)


async def test_extra_objects_that_others_depend_on_go_with_what_changes(ends: Ends) -> None:
    await ends.source.run("create table t (id bigint primary key, kind text)")
    await ends.target.run(
        "create type extra as enum ('x'); create table t (id int primary key, kind extra);"
        "insert into t values (1, 'x'); create schema more;"
        "create table more.u (t int references public.t, e public.extra[], own public.t);"
        "create view more.v as select t.* from t join more.u on u.t = t.id;"
        "create materialized view more.m as select kind from more.v;"
        "create function more.f(public.t) returns setof more.v"
        " language sql as 'select 1, null::public.extra';"
        "create function more.g() returns int language sql begin atomic select max(id) from t; end;"
        "create policy p on t using (id = more.g());"
        "create domain more.d as public.extra check (value = 'x')"
    )
    await ends.sync()
    assert dump(ends.cluster, ends.target_dsn) == dump(ends.cluster, ends.source_dsn)
    assert (await ends.plan()).is_empty
    assert await ends.target.fetch("select id || kind from t") == "1x"


async def test_what_is_out_of_scope_and_hangs_on_it_is_told_and_stays(ends: Ends) -> None:
    await ends.target.run(
        "create table t (a int); insert into t values (1);"
        "create schema auth; create view auth.platform as select a from public.t"
    )
    with pytest.raises(SqlError, match="other objects depend on it") as caught:
        await ends.sync(scope="supabase")
    assert "view auth.platform depends on table public.t" in (caught.value.detail or "")
    assert await ends.target.fetch("select a::text from auth.platform") == "1"
