"""Two databases and the oracle: what pg_dump says of each."""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass

import pytest

from supasync import catalog, direct
from supasync.catalog.state import State
from supasync.sandbox.postgres import Cluster

ROLES = ("anon", "authenticated", "service_role")


@dataclass(frozen=True)
class Ends:
    """A source and a target database on one server."""

    cluster: Cluster
    source: direct.Database
    target: direct.Database
    source_dsn: str
    target_dsn: str

    async def plan(self, *, scope: str = "all", journal: bool = False) -> catalog.Plan:
        of = catalog.scope(scope)
        states = [await catalog.observe(end, of) for end in (self.source, self.target)]
        return await catalog.make_plan(
            self.source, states[0], self.target, states[1], of, reread=not journal
        )

    async def plan_from(self, source: State, target: State) -> catalog.Plan:
        of = catalog.scope("all")
        return await catalog.make_plan(self.source, source, self.target, target, of, reread=True)

    async def observe(self, end: direct.Database, remembered: State | None = None) -> State:
        return await catalog.observe(end, catalog.scope("all"), remembered)

    async def sync(self, *, scope: str = "all", journal: bool = False) -> State:
        plan = await self.plan(scope=scope, journal=journal)
        return await catalog.apply(self.target, plan, catalog.scope(scope), journal=journal)


async def target_becomes_source(ends: Ends) -> None:
    """Syncs, and asserts: pg_dump sees no difference, a second plan is empty, and what the sync
    and a look from memory answer is what a fresh look finds. Each look is taken once: they are
    most of the time."""
    before, want = await ends.observe(ends.target), await ends.observe(ends.source)
    plan = await ends.plan_from(want, before)
    after = await catalog.apply(ends.target, plan, catalog.scope("all"), journal=False)

    have = dump(ends.cluster, ends.target_dsn)
    assert have == dump(ends.cluster, ends.source_dsn), plan.sql
    fresh = await ends.observe(ends.target)
    for state in (after, await ends.observe(ends.target, before)):
        assert _facts(state) == _facts(fresh), plan.sql
    again = await ends.plan_from(want, fresh)
    assert again.is_empty, again.sql


def _facts(state: State) -> tuple[object, ...]:
    return state.fingerprint, state.digests, state.addresses, state.unmodelled


def dump(cluster: Cluster, dsn: str) -> str:
    """pg_dump --schema-only, without the lines that differ from run to run."""
    done = subprocess.run(
        [cluster.binaries.tool("pg_dump"), "--schema-only", "--dbname", dsn],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return re.sub(r"(?m)^\\(un)?restrict .*\n", "", done.stdout)


@pytest.fixture(scope="session")
def _roles(any_cluster: Cluster) -> None:
    for role in ROLES:
        any_cluster.execute(f"create role {role}")


@pytest.fixture
def ends(make_any_database: object, any_cluster: Cluster, _roles: None) -> Ends:
    assert callable(make_any_database)
    source, target = make_any_database(), make_any_database()
    return Ends(any_cluster, direct.Database(source), direct.Database(target), source, target)
