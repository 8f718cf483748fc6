"""Whether one database really becomes another: what pg_dump says, and what a look says."""

from __future__ import annotations

from dataclasses import dataclass

from supasync import catalog, direct
from supasync.catalog.state import State
from tests.fix_catalog import Ends, dump

SCOPE = catalog.scope("all")


@dataclass(frozen=True)
class Side:
    """A database as it was before anything was synced. dump: None for one that is only a target."""

    database: direct.Database
    dsn: str
    state: State
    dump: str | None


async def sides(ends: Ends, *sources: direct.Database) -> tuple[Side, Side]:
    """Both ends, of which these will be a source. Each look and each dump is taken once: they are
    most of a test's time."""
    found = []
    for database, dsn in ((ends.source, ends.source_dsn), (ends.target, ends.target_dsn)):
        text = dump(ends.cluster, dsn) if database in sources else None
        found.append(Side(database, dsn, await ends.observe(database), text))
    return found[0], found[1]


async def plan(source: Side, target: Side) -> catalog.Plan:
    return await catalog.make_plan(
        source.database, source.state, target.database, target.state, SCOPE, reread=True
    )


async def becomes(ends: Ends, plan: catalog.Plan, source: Side, target: Side, text: str) -> None:
    """Applies the plan, and asserts: pg_dump sees no difference, a second plan is empty, and what
    the sync and a look from memory answer is what a fresh look finds.

    text: the SQL that made the source, which may have been changed by now.
    """
    assert source.dump, "its dump was not asked for"
    after = await catalog.apply(target.database, plan, SCOPE, journal=False)
    assert dump(ends.cluster, target.dsn) == source.dump, plan.sql
    fresh = await ends.observe(target.database)
    for state in (after, await ends.observe(target.database, target.state)):
        assert _facts(state) == _facts(fresh), plan.sql
    if fresh.fingerprint != source.state.fingerprint:  # then a text is equal once read back
        other = await ends.another(text)
        again = await catalog.make_plan(
            other, await ends.observe(other), target.database, fresh, SCOPE, reread=True
        )
        assert again.is_empty, again.sql
        assert again.reparsed


def _facts(state: State) -> tuple[object, ...]:
    return state.fingerprint, state.digests, state.addresses, state.unmodelled
