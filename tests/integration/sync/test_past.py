"""A schema that was kept inside a sync's transaction is made again from it, by pg_dump."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from supasync import catalog
from supasync.catalog import queries
from supasync.catalog.state import State
from supasync.errors import Refused, SqlError, UnexpectedAnswer
from supasync.sandbox.postgres import Cluster
from supasync.sync import bookkeeping
from supasync.sync.bookkeeping import past
from tests import hostile
from tests.fix_catalog import Ends, dump
from tests.fix_sandbox import EVERYTHING, ON_MAIN

CORPUS = Path(__file__).parents[2] / "corpus"
SCOPE = catalog.scope("all")
CHOSEN = [
    "constraint--all_types",
    "domain--circle_over_a_composite",
    "function--circle_under_a_view_and_a_default",
    "function--mutual",
    "index--renamed_and_name_reused",
    "inheritance--several_parents_and_generations",
    "partition--rows_in_the_default_partition",
    "table--odd_names",
    "trigger_clone--definition_changes",
    "view--circle_dressed",
]
pytestmark = ON_MAIN


async def synced(ends: Ends, make_run) -> State:
    """The target is made equal to the source, keeping what it was. Returns its state then."""
    plan = await ends.plan(journal=True)
    keep = past.keep(make_run(), "apply", SCOPE, plan.target_state)
    return await catalog.apply(
        ends.target, plan, SCOPE, before=bookkeeping.CREATE + keep, journal=True
    )


async def undo(ends: Ends, make_run, now: State) -> catalog.Plan:
    """The plan that leads back, which is not carried out yet."""
    entry = (await past.entries(ends.target))[0]
    kept = await past.read(ends.target, entry, SCOPE)
    return await catalog.make_plan(ends.target, kept.state, ends.target, now, SCOPE, past=kept)


def _cases() -> list[str]:
    if not EVERYTHING:
        return CHOSEN
    files = {folder.name: folder / "a.sql" for folder in CORPUS.iterdir()}
    return sorted(name for name, file in files.items() if "-- needs" not in file.read_text())


@pytest.mark.parametrize("case", _cases())
async def test_what_was_kept_comes_back(ends: Ends, make_run, case):
    await ends.target.run((CORPUS / case / "a.sql").read_text())
    await ends.source.run((CORPUS / case / "b.sql").read_text())
    was = dump(ends.cluster, ends.target_dsn)
    now = await synced(ends, make_run)
    plan = await undo(ends, make_run, now)
    assert plan.steps or EVERYTHING  # some cases are about what a plan leaves alone
    after = await catalog.apply(
        ends.target, plan, SCOPE, after=past.records(plan.source_state), journal=True
    )
    assert (await undo(ends, make_run, after)).is_empty
    if after.fingerprint == plan.source_fingerprint:  # else a text is equal once read back
        assert dump(ends.cluster, ends.target_dsn, "--exclude-schema=supasync") == was


LONG = "é" * 25 + '"$$\nßñ\u202ex'
"""With the letter before it, 63 bytes, which is all that a name may have. PostgreSQL cuts the name
of a range's multirange at a byte, so that one has to be a letter's last."""


@pytest.fixture
def hostile_role(any_cluster: Cluster, ends: Ends) -> Iterator[Callable[[str], str]]:
    """`hostile_role(name)` makes the role u<name>, which goes with the databases."""
    made: list[str] = []

    def make(name: str) -> str:
        made.append("u" + name)
        any_cluster.execute(f"create role {hostile.quoted(made[-1])}")
        return made[-1]

    yield make
    names = [dsn.rpartition("/")[2] for dsn in (ends.source_dsn, ends.target_dsn)]
    any_cluster.execute(*(f"drop database if exists {name} with (force)" for name in names))
    any_cluster.execute(*(f"drop role {hostile.quoted(name)}" for name in made))


async def test_hostile_names_come_back_and_nothing_of_them_is_executed(
    ends: Ends, make_run, hostile_role
):
    """Schemas full of them that go with a sync, and are made again from the document."""
    assert len(f"u{LONG}".encode()) == 63
    chosen = [LONG, *hostile.NAMES] if EVERYTHING else [LONG, *hostile.NAMES[3:8:2]]
    canary = "create table public.canary (id int);"
    script = "".join(hostile.schema(name, hostile_role(name)) for name in chosen)
    await ends.target.run("set check_function_bodies = off;" + canary + script)
    await ends.source.run(canary)
    was = dump(ends.cluster, ends.target_dsn)
    now = await synced(ends, make_run)
    ours = "--exclude-schema=supasync"
    assert dump(ends.cluster, ends.target_dsn, ours) == dump(ends.cluster, ends.source_dsn)
    plan = await undo(ends, make_run, now)
    await catalog.apply(
        ends.target, plan, SCOPE, after=past.records(plan.source_state), journal=True
    )
    assert dump(ends.cluster, ends.target_dsn, ours) == was


async def test_ten_of_each_kind_are_kept(ends: Ends, make_run):
    database = ends.target
    state = await catalog.observe(database, SCOPE)
    await database.run(bookkeeping.CREATE)
    runs = [make_run() for _ in range(past.KEPT + 2)]
    for run in runs:
        for kind in ("apply", "undo"):
            await database.run(f"{queries.pinned(SCOPE)}{past.keep(run, kind, SCOPE, state)}")
    kept = await past.entries(database)
    for kind in ("apply", "undo"):
        assert [e.run_id for e in kept if e.kind == kind] == [run.id for run in runs[:1:-1]]


async def test_nothing_is_kept_when_the_sync_is_rolled_back(ends: Ends, make_run):
    await ends.source.run("create table public.t (id int)")
    plan = await ends.plan(journal=True)
    await ends.target.run(bookkeeping.CREATE)
    keep = past.keep(make_run(), "apply", SCOPE, plan.target_state)
    with pytest.raises(SqlError):
        await catalog.apply(
            ends.target, plan, SCOPE, before=keep, after="select 1 / 0;", journal=True
        )
    assert await past.entries(ends.target) == ()


async def test_no_row_of_a_table_is_kept(ends: Ends, make_run):
    await ends.target.run("create table public.t (s text); insert into t values ('a ' || 'secret')")
    await synced(ends, make_run)
    found = await ends.target.fetch(
        "select (document like '%public%')::text || (document like '%a secret%')::text"
        " from supasync.past"
    )
    assert found == "truefalse"


async def test_a_database_without_our_schema_has_kept_nothing(ends: Ends):
    assert await past.entries(ends.target) == ()


@pytest.mark.parametrize(
    ("damage", "error", "told"),
    [
        ("form = 'other'", Refused, "another version"),
        ("document = left(document, 1000)", UnexpectedAnswer, "damaged"),
        ("document = '{}'", UnexpectedAnswer, "damaged"),
        ("fingerprint = 'x'", UnexpectedAnswer, "damaged"),
    ],
)
async def test_what_cannot_be_believed_is_refused(ends: Ends, make_run, damage, error, told):
    await ends.target.run("create table public.t (id int8)")
    await ends.source.run("create table public.u (id int8)")
    now = await synced(ends, make_run)
    await ends.target.run(f"update supasync.past set {damage}")
    with pytest.raises(error, match=told):
        await undo(ends, make_run, now)


async def test_a_document_of_many_letters_is_read_in_pieces(ends: Ends, make_run, monkeypatch):
    await ends.target.run("create table public.t (id int8); comment on table t is 'ä€𝄞'")
    now = await synced(ends, make_run)
    monkeypatch.setattr(past, "_LETTERS", 997)
    assert len((await undo(ends, make_run, now)).steps) == 1


async def test_records_of_texts_that_are_read_back_hold_again(ends: Ends, make_run):
    odd = "create table public.odd (s varchar(9) check (s in ('a', 'b')));"
    await ends.source.run(odd)
    first = await synced(ends, make_run)  # the target reads the check differently: a record
    await ends.source.run("create table public.t (id int)")
    now = await synced(ends, make_run)
    back = await undo(ends, make_run, now)
    assert [step.verb for step in back.steps] == ["drop"]
    await catalog.apply(
        ends.target, back, SCOPE, after=past.records(back.source_state), journal=True
    )
    assert (await ends.observe(ends.target)).accepted == first.accepted
    assert [step.id[-1] for step in (await ends.plan(journal=True)).steps] == ["t"]
