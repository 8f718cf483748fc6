"""Random pairs of schemas: one becomes the other, and what is remembered is what a look finds."""

from __future__ import annotations

import asyncio

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from supasync import direct
from supasync.sandbox.postgres import Cluster
from tests import oracle
from tests.fix_catalog import ROLES, Ends
from tests.property.pieces import PIECES


@st.composite
def schemas(draw: st.DrawFn) -> str:
    """SQL of a schema made of pieces whose needs are met."""
    chosen: dict[str, str] = {}
    for piece in PIECES:
        if all(need in chosen for need in piece.needs) and draw(st.integers(0, 3)):
            chosen[piece.name] = draw(st.sampled_from(piece.variants))
    return "".join(f"{text};\n" for text in chosen.values())


@settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
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
        asyncio.run(_becomes(Ends(cluster, *map(direct.Database, dsns), *dsns), first, second))
    finally:
        for name in (*names, f"{names[0]}_again"):
            cluster.drop_database(name)


async def _becomes(ends: Ends, first: str, second: str) -> None:
    async with ends.source, ends.target:
        await ends.source.run(first)
        await ends.target.run(second)
        source, target = await oracle.sides(ends)
        await oracle.becomes(ends, await oracle.plan(source, target), source, target, first)
