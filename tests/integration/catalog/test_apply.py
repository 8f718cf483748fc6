"""The transaction: compare-and-swap before, proof after, and what stays when one of them fails."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Collection

import pytest

from supasync import catalog
from supasync.catalog import proof
from supasync.catalog.apply import script
from supasync.catalog.object import Id
from supasync.errors import NotProved, SqlError, TargetMoved
from tests.fix_catalog import Ends, dump

ALL = catalog.scope("all")
BRANCH_SCHEMA = "create schema supasync"


async def test_a_target_that_moved_since_the_plan_is_left_alone(ends: Ends) -> None:
    await ends.source.run("create table t (id int)")
    plan = await ends.plan()
    await ends.target.run("create table u (id int)")
    before = dump(ends.cluster, ends.target_dsn)

    with pytest.raises(TargetMoved, match="changed between plan and apply"):
        await catalog.apply(ends.target, plan, ALL, journal=False)
    assert dump(ends.cluster, ends.target_dsn) == before


async def test_a_stamp_that_moved_alone_does_not_stop_the_apply(ends: Ends) -> None:
    await ends.source.run("create table t (id int)")
    await ends.target.run("create table t (id int); create table gone (id int)")
    plan = await ends.plan()
    await ends.target.run("truncate t")  # a new file: the stamp moves, the schema does not
    after = await catalog.apply(ends.target, plan, ALL, journal=False)
    assert after.fingerprint == plan.source_fingerprint


async def test_ddl_that_commits_in_the_middle_is_not_proved(ends: Ends) -> None:
    await ends.source.run("create table t (id int)")
    plan = await ends.plan()
    paused = _PausedDatabase(ends, "create table intruder (id int)")
    with pytest.raises(NotProved, match=r"not the source's schema: .*table public\.intruder"):
        await catalog.apply(paused, plan, ALL, journal=False)
    assert "intruder" in dump(ends.cluster, ends.target_dsn)
    assert "TABLE public.t " not in dump(ends.cluster, ends.target_dsn)


class _PausedDatabase:
    """The target, with another session's DDL committed between the check and the proof."""

    def __init__(self, ends: Ends, meanwhile: str) -> None:
        self.name, self._ends, self._meanwhile = "target", ends, meanwhile

    async def fetch(self, sql: str) -> str | None:
        return await self._ends.target.fetch(sql)

    async def run(self, sql: str) -> str | None:
        head, statement, tail = sql.partition('create table "public"."t"')
        task = asyncio.create_task(
            self._ends.target.run(f"{head} select pg_sleep(2); {statement}{tail}")
        )
        await asyncio.sleep(1)
        await self._ends.target.run(self._meanwhile)
        return await task


async def test_a_failing_statement_takes_everything_back(ends: Ends) -> None:
    await ends.source.run("create table t (id int not null, note text not null)")
    await ends.target.run("create table t (id int not null); insert into t values (1)")
    before = dump(ends.cluster, ends.target_dsn)
    with pytest.raises(SqlError, match="contains null values"):
        await ends.sync()
    assert dump(ends.cluster, ends.target_dsn) == before


async def test_the_short_proof_is_taken_when_little_was_touched(ends: Ends) -> None:
    ddl = ";".join(f"create table t{n} (id int primary key, x text)" for n in range(20))
    await ends.source.run(ddl)
    await ends.target.run(ddl)
    await ends.source.run("alter table t7 add y int default 3")
    plan = await ends.plan()
    text = await ends.target.run(script(plan, ALL, before="", after="", journal=False))
    document = json.loads(text or "")[1]
    assert "recent" in document
    assert {row[1][1] for row in document["recent"] if row[1][0] == "public"} == {"t7"}


@pytest.mark.parametrize(
    "change",
    [
        "create or replace view v as select id, name, 1 as one from t",
        "drop view v",
        "drop table u",
        "alter table u drop constraint fk",
        "alter table t rename column name to called",
        "drop domain d",
    ],
)
async def test_what_goes_with_a_change_does_not_make_the_proof_long(
    ends: Ends, change: str
) -> None:
    ddl = """create table t (id int primary key, name text);
        create view v as select id, name from t; create domain d as int;
        create table u (id int constraint fk references t)"""
    await ends.source.run(f"{ddl}; {change}")
    await ends.target.run(ddl)
    plan = await ends.plan()
    text = await ends.target.run(script(plan, ALL, before="", after="", journal=False))
    assert "recent" in json.loads(text or "")[1]


async def test_both_proofs_refuse_a_step_that_did_something_else(ends: Ends) -> None:
    ddl = "create table t (id int primary key); create table u (id int)"
    await ends.source.run(f"{ddl}; alter table t add y int")
    await ends.target.run(ddl)
    plan = await ends.plan()
    forged = script(plan, ALL, before="", after="", journal=False).replace(
        'add column "y" integer', 'add column "y" bigint'
    )
    await _is_not_proved(ends, plan, forged)
    await ends.target.run("truncate u")  # the stamp moves: the long proof decides
    await _is_not_proved(ends, plan, forged)


@pytest.mark.parametrize(
    ("also", "lost"),
    [
        ("drop table public.u", {("table", "public", "u"), ("column", "public", "u", "id")}),
        ("drop function public.f()", {("function", "public", "f", "")}),
        ("drop policy p on public.t", {("policy", "public", "t", "p")}),
        ("comment on table public.u is null", {("table", "public", "u")}),
        ("alter domain public.d drop constraint dc", {("domain", "public", "d")}),
    ],
)
async def test_what_goes_unsaid_is_not_proved(ends: Ends, also: str, lost: set[Id]) -> None:
    ddl = """create table t (id int); create table u (id int); create policy p on t using (true);
        create function f() returns int return 1; comment on table u is 'u';
        create domain d as int constraint dc check (value > 0)"""
    await ends.source.run(f"{ddl}; alter table t add y int")
    await ends.target.run(ddl)
    plan = await ends.plan()
    statement = 'add column "y" integer'
    text = script(plan, ALL, before="", after="", journal=False)
    await _is_not_proved(ends, plan, text.replace(statement, f"{statement}; {also}"), lost)


async def test_a_transaction_that_ended_meanwhile_does_not_stop_the_apply(ends: Ends) -> None:
    await ends.source.run("create table t (id int)")
    plan = await ends.plan()
    await ends.target.run("create temporary table x as select 1")  # gone with its session
    after = await catalog.apply(ends.target, plan, ALL, journal=False)
    assert after.fingerprint == plan.source_fingerprint


async def _is_not_proved(
    ends: Ends,
    plan: catalog.Plan,
    text: str,
    wrong: Collection[Id] = (("column", "public", "t", "y"),),
) -> None:
    with pytest.raises(SqlError) as caught:
        await ends.target.run(text)
    assert caught.value.sqlstate == proof.UNPROVED
    assert set(proof.unproved(plan, caught.value.detail)) == set(wrong)


async def test_what_prints_differently_once_read_back_counts_as_equal(ends: Ends) -> None:
    """PostgreSQL prints IN over varchar in two forms: typed, and typed as it was printed."""
    await ends.source.run(
        "create table t (s varchar(9) check (s in ('a', 'b')));"
        "create view v as select s from t where s in ('a', 'b')"
    )
    await ends.target.run(BRANCH_SCHEMA)
    after = await ends.sync(journal=True)
    assert after.accepted, "the case is no case: both forms print alike"
    # a record in the target says so, and only about this very text
    assert (await ends.plan(journal=True)).is_empty
    await ends.source.run("create or replace view v as select s from t where s in ('a', 'c')")
    assert [step.id for step in (await ends.plan(journal=True)).steps] == [("view", "public", "v")]


async def test_only_what_is_printed_from_a_parse_tree_may_read_back_differently(ends: Ends) -> None:
    await ends.source.run(
        "create table t (id int, n int constraint c check (n > 0)); create schema s"
    )
    plan = await ends.plan()
    told = [row[1] for row in json.loads(proof.known(plan))]
    assert told == [["public", "t", "c"]]


async def test_indexes_over_rows_alone_are_built_by_as_many_as_the_server_likes(ends: Ends) -> None:
    alone = "set local max_parallel_maintenance_workers = 0;"
    await ends.source.run("create table t (id int); create index i on t (id)")
    assert alone in script(await ends.plan(), ALL, before="", after="", journal=False)
    await ends.target.run("create table t (id int)")
    assert alone not in script(await ends.plan(), ALL, before="", after="", journal=False)
    await ends.source.run("drop index i; create materialized view m as select id from t")
    await ends.source.run("create index j on m (id)")
    assert alone not in script(await ends.plan(), ALL, before="", after="", journal=False)


async def test_without_a_record_the_target_is_asked_in_a_transaction_that_rolls_back(
    ends: Ends,
) -> None:
    await ends.source.run("create table t (s varchar(9) check (s in ('a', 'b')))")
    await ends.sync(journal=False)
    before = dump(ends.cluster, ends.target_dsn)
    plan = await ends.plan(journal=False)
    assert plan.is_empty
    assert [id_[0] for id_ in plan.reparsed] == ["constraint"]
    assert dump(ends.cluster, ends.target_dsn) == before


async def test_the_supabase_scope_carries_what_is_ours_on_managed_tables(ends: Ends) -> None:
    platform = (
        "create schema auth; create table auth.users (id int primary key, theirs int);"
        "alter table auth.users enable row level security;"
    )
    ours = (
        "create function public.welcome() returns trigger language plpgsql as"
        " 'begin return new; end';"
        "create trigger welcome after insert on auth.users for each row"
        " execute function public.welcome();"
        "create policy own on auth.users for select to anon using (id > 0);"
    )
    await ends.source.run(f"{platform} alter table auth.users add newer int; {ours}")
    await ends.target.run(platform)
    plan = await ends.plan(scope="supabase")
    assert {step.id for step in plan.steps} == {
        ("function", "public", "welcome", ""),
        ("trigger", "auth", "users", "welcome"),
        ("policy", "auth", "users", "own"),
    }
    await ends.sync(scope="supabase")
    assert (await ends.plan(scope="supabase")).is_empty


async def test_kept_functions_are_left_alone_on_both_sides(ends: Ends) -> None:
    await ends.target.run("create function public.reseed() returns int language sql as 'select 1'")
    scope = catalog.scope("all", keep_functions=["public.reseed"])
    states = [await catalog.observe(end, scope) for end in (ends.source, ends.target)]
    plan = await catalog.make_plan(ends.source, states[0], ends.target, states[1], scope)
    assert plan.is_empty


async def test_what_is_not_carried_is_counted(ends: Ends) -> None:
    await ends.source.run(
        "create operator @#@ (leftarg = int, rightarg = int, function = int4eq, commutator = @##@);"
        "drop operator @#@ (int, int);"  # leaves the shell of the other
        "alter operator family pg_catalog.point_ops using gist add"
        "  operator 30 <-> (point, box) for order by pg_catalog.float_ops"
    )
    state = await ends.observe(ends.source)
    assert state.unmodelled == {
        "members of PostgreSQL's operator families": 1,
        "shell operators": 1,
    }


async def test_a_role_that_the_target_lacks_is_told_before_the_run(ends: Ends) -> None:
    await ends.source.run("create table t (id int)")
    source_state = await ends.observe(ends.source)
    target_state = await ends.observe(ends.target)
    # the databases share their roles here, so the target is asked in the name of one that lacks it
    about = {**target_state.about}
    about["session"] = {**about["session"], "roles": ["nobody"], "attributes": []}
    poorer = type(target_state).from_json(
        {**target_state.to_json(), "document": {**target_state.to_json()["document"], **about}}
    )
    plan = await catalog.make_plan(ends.source, source_state, ends.target, poorer, ALL)
    assert plan.cannot_apply == ("TABLE public.t: role postgres does not exist on the target",)


async def test_a_narrower_column_refuses_what_does_not_fit(ends: Ends) -> None:
    await ends.source.run("create table t (id int primary key, s varchar(3), b bit(3))")
    await ends.target.run("create table t (id int primary key, s varchar(50), b bit(3))")
    await ends.target.run("insert into t values (1, 'abcdef', '101')")
    with pytest.raises(SqlError, match="value too long"):
        await ends.sync()
    kept = await ends.target.fetch("select s::text from t")
    assert kept == "abcdef"


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("a text, extra int, id int generated always as identity primary key",
         "a text, id int generated always as identity primary key, extra int"),
        ("id serial primary key, a text",
         "id int generated by default as identity primary key, a text"),
        ("id int generated by default as identity primary key, a text",
         "id serial primary key, a text"),
        ("a text, extra int, id serial primary key", "a text, id serial primary key, extra int"),
    ],
)  # fmt: skip
async def test_counters_go_on_after_the_rows_that_are_there(
    ends: Ends, source: str, target: str
) -> None:
    await ends.source.run(f"create table t ({source})")
    await ends.target.run(f"create table t ({target})")
    await ends.target.run("insert into t (a) select 'x' from generate_series(1, 10)")
    await ends.sync()
    assert await ends.target.run("insert into t (a) values ('y') returning id::text") == "11"


async def test_an_index_that_serves_nothing_is_no_index(ends: Ends) -> None:
    await ends.source.run("create table t (a int); create unique index ti on t (a)")
    await ends.target.run("create table t (a int); insert into t values (1), (1)")
    with pytest.raises(SqlError, match="could not create unique index"):
        await ends.target.run("create unique index concurrently ti on t (a)")
    state = await ends.observe(ends.target)
    assert state.unmodelled == {"invalid indexes": 1}
    assert [step.id for step in (await ends.plan()).steps] == [("index", "public", "ti")]


async def test_the_next_sync_does_not_take_the_last_one_for_new(ends: Ends) -> None:
    ddl = ";".join(f"create table t{n} (id int primary key, x text)" for n in range(20))
    await ends.source.run(ddl)
    await ends.target.run(ddl)
    target = await ends.observe(ends.target)
    for table in ("t3", "t4"):
        await ends.source.run(f"alter table {table} add y int")
        source = await ends.observe(ends.source)
        plan = await catalog.make_plan(ends.source, source, ends.target, target, ALL)
        text = await ends.target.run(script(plan, ALL, before="", after="", journal=False))
        stamp, document = json.loads(text or "")
        assert {row[1][1] for row in document["recent"] if row[1][0] == "public"} == {table}
        target = target.merged(stamp, document)
        assert target.digests == source.digests


async def test_what_an_object_has_by_default_is_not_revoked(ends: Ends) -> None:
    """Grants beside the default ones are granted, be the object new or there already."""
    await ends.source.run(
        "create table t (id int, b text); grant select on t to anon; grant select (b) on t to anon;"
        "create view v as select 1 as b; grant select on v to anon; grant select (b) on v to anon;"
        "create table bare (id int);"
        "create table u (id int); grant select on u to anon;"
        "create function f() returns int language sql as 'select 1';"
        "grant execute on function f() to anon;"
        "create table nobodys (id int); revoke all on nobodys from current_user"
    )
    await ends.target.run(
        "create table t (id int, b text); grant select (b) on t to anon;"
        "create view v as select 1 as b; grant select (b) on v to anon;"
        "create table bare (id int); grant select on bare to anon"
    )
    plan = await ends.plan()
    said = [text for text in plan.statements if text.startswith(("grant", "revoke", "set"))]
    assert sorted(text.partition(" cascade")[0] for text in said if text.startswith("revoke")) == [
        'revoke all on TABLE "public"."bare" from "anon"',
        'revoke all on TABLE "public"."nobodys" from "postgres"',
    ]
    assert len(said) == 6
    after = await catalog.apply(ends.target, plan, ALL, journal=False)
    assert after.fingerprint == plan.source_fingerprint
