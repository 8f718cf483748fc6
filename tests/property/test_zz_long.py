"""Random pairs of schemas: one becomes the other, and what is remembered is what a look finds."""

from __future__ import annotations

import asyncio

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from supasync import catalog, direct
from supasync.catalog.state import State
from supasync.sandbox.postgres import Cluster
from tests.fix_catalog import ROLES, dump
from tests.property.pieces import PIECES

ALL = catalog.scope("all")


@st.composite
def schemas(draw: st.DrawFn) -> str:
    """SQL of a schema made of pieces whose needs are met."""
    chosen: dict[str, str] = {}
    for piece in PIECES:
        if all(need in chosen for need in piece.needs) and draw(st.integers(0, 3)):
            chosen[piece.name] = draw(st.sampled_from(piece.variants))
    return "".join(f"{text};\n" for text in chosen.values())


def _plain(state: State) -> tuple[object, ...]:
    return state.fingerprint, state.digests, state.addresses


async def _becomes(cluster: Cluster, source_dsn: str, target_dsn: str) -> None:
    source, target = direct.Database(source_dsn), direct.Database(target_dsn)
    before = await catalog.observe(target, ALL)
    want = await catalog.observe(source, ALL)
    plan = await catalog.make_plan(source, want, target, before, ALL, reread=True)
    after = await catalog.apply(target, plan, ALL, journal=False)

    assert dump(cluster, target_dsn) == dump(cluster, source_dsn), plan.sql
    fresh = await catalog.observe(target, ALL)
    assert _plain(after) == _plain(fresh), plan.sql
    assert _plain(await catalog.observe(target, ALL, before)) == _plain(fresh), plan.sql
    again = await catalog.make_plan(source, want, target, fresh, ALL, reread=True)
    assert again.is_empty, again.sql


@settings(
    max_examples=300,
    deadline=None,
    derandomize=False,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(first=schemas(), second=schemas())
def test_any_schema_becomes_any_other(cluster: Cluster, first: str, second: str) -> None:
    for role in ROLES:
        cluster.execute(
            f"do $$ begin create role {role}; exception when duplicate_object then null; end $$"
        )
    names = ("random_source", "random_target")
    dsns = [cluster.create_database(name) for name in names]
    try:
        cluster.execute(first, database=names[0])
        cluster.execute(second, database=names[1])
        asyncio.run(_becomes(cluster, *dsns))
    finally:
        for name in names:
            cluster.drop_database(name)
