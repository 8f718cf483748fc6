"""A schema that changes between its look and the plan is read again."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from supasync import catalog, direct
from supasync.errors import SourceMoved, TargetMoved
from supasync.sync import compare
from supasync.sync.context import Options, Run
from supasync.sync.counted import Counted, CountedWritable
from supasync.sync.ends import End
from supasync.sync.reconcile import Reconciler
from supasync.sync.record import Memory, NoStore
from supasync.sync.source import Source
from tests.integration.sync.conftest import MakeRun

SCOPE = catalog.scope("all")


class Moving:
    """A database to which something happens right before it is asked for objects in full."""

    def __init__(self, inner: direct.Database, changes: list[str]) -> None:
        self.name, self._inner, self.changes = "moving", inner, changes

    async def fetch(self, sql: str) -> str | None:
        if "'edges'" in sql and self.changes:
            await self._inner.run(self.changes.pop(0))
        return await self._inner.fetch(sql)

    async def run(self, sql: str) -> str | None:
        return await self._inner.run(sql)


@pytest.fixture
def ends(make_database: Callable[[], str]) -> tuple[direct.Database, direct.Database]:
    return direct.Database(make_database()), direct.Database(make_database())


def reconciler(
    make_run: MakeRun, source: direct.Database | Moving, target: direct.Database | Moving
) -> Reconciler:
    run, memory = make_run(), Memory(NoStore(), scope="all", hard=False)
    read = Source(run, Counted(source), SCOPE, memory, key="source")
    return Reconciler(run, read, CountedWritable(target), SCOPE, memory, key="target")


CHANGES = [f"alter table t alter a type {type_}" for type_ in ("bigint", "text", "name")]


async def test_the_source_is_read_again(ends, make_run: MakeRun) -> None:
    await ends[0].run("create table t (a int)")
    source = Moving(ends[0], CHANGES[:2])
    planned = await reconciler(make_run, source, ends[1]).plan()
    assert not source.changes
    assert '"a" text' in planned.plan.sql
    await catalog.apply(ends[1], planned.plan, SCOPE, journal=False)
    assert (await catalog.observe(ends[0], SCOPE)).fingerprint == planned.plan.source_fingerprint


async def test_the_target_is_read_again(ends, make_run: MakeRun) -> None:
    await ends[0].run("create table t (a text)")
    await ends[1].run("create table t (a int)")
    target = Moving(ends[1], CHANGES[:1])
    planned = await reconciler(make_run, ends[0], target).plan()
    await catalog.apply(ends[1], planned.plan, SCOPE, journal=False)
    state = await catalog.observe(ends[1], SCOPE)
    assert state.fingerprint == planned.plan.source_fingerprint


@pytest.mark.parametrize(("moving", "error"), [(0, SourceMoved), (1, TargetMoved)])
async def test_what_never_holds_still_is_given_up(
    ends, make_run: MakeRun, moving: int, error: type[Exception]
) -> None:
    await ends[moving].run("create table t (a int)")
    both: list[direct.Database | Moving] = [*ends]
    both[moving] = Moving(ends[moving], CHANGES[:])
    with pytest.raises(error):
        await reconciler(make_run, both[0], both[1]).plan()


class Touched(direct.Database):
    """Somebody changes it right before it is written to."""

    changes = ("create table somebodys (id int)",)

    async def run(self, sql: str) -> str | None:
        changes, self.changes = self.changes, ()
        for change in changes:
            await super().run(change)
        return await super().run(sql)


async def test_a_target_that_moves_before_the_apply_is_planned_for_again(
    make_database: Callable[[], str],
) -> None:
    source, target = direct.Database(make_database()), Touched(make_database())
    await source.run("create table t (a int)")
    ended = await compare.run_comparison(
        compare.Comparison(
            run=Run(emit=lambda _: None, holder="alice", options=Options(prune=True)),
            source=End(database=source, key="source"),
            target=End(database=target, writable=target, key="target", leased=True),
            scope="all",
            write=True,
            store=NoStore(),
        )
    )
    assert ended == 0
    states = [await catalog.observe(each, SCOPE) for each in (source, target)]
    assert states[0].fingerprint == states[1].fingerprint
