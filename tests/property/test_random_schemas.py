"""Random pairs of schemas, and schemas that somebody changed: one becomes the other, and what is
remembered is what a look finds.

As many as fit in `SUPASYNC_PROPERTY_SECONDS` per test; without it, the same few each time.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Iterator

import psycopg
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from supasync import direct
from supasync.sandbox.postgres import Cluster
from tests import oracle
from tests.fix_catalog import ROLES, Ends
from tests.property.mutations import MUTATIONS
from tests.property.pieces import PIECES

SECONDS = float(os.environ.get("SUPASYNC_PROPERTY_SECONDS", "0"))
FEW = 15

random = settings(
    max_examples=max(FEW, int(SECONDS * 5)),  # more than fit
    deadline=None,
    derandomize=not SECONDS,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@st.composite
def schemas(draw: st.DrawFn) -> str:
    """SQL of a schema made of pieces whose needs are met."""
    chosen: dict[str, str] = {}
    for piece in PIECES:
        if all(need in chosen for need in piece.needs) and draw(st.integers(0, 3)):
            chosen[piece.name] = draw(st.sampled_from(piece.variants))
    return "".join(f"{text};\n" for text in chosen.values())


mutations = st.lists(st.sampled_from(MUTATIONS), min_size=1, max_size=6, unique=True)


@pytest.fixture(scope="module")
def server(cluster: Cluster) -> Cluster:
    for role in ROLES:
        cluster.execute(
            f"do $$ begin create role {role}; exception when duplicate_object then null; end $$"
        )
    return cluster


@pytest.fixture
def end() -> float:
    return time.monotonic() + (SECONDS or 3600)


@random
@given(first=schemas(), second=schemas())
def test_any_schema_becomes_any_other(server: Cluster, end: float, first: str, second: str) -> None:
    if time.monotonic() < end:
        for ends in _ends(server):
            server.execute(first, database="random_source")
            server.execute(second, database="random_target")
            asyncio.run(_becomes(ends, first))


@random
@given(schema=schemas(), changes=mutations)
def test_a_changed_schema_is_set_right(
    server: Cluster, end: float, schema: str, changes: list[str]
) -> None:
    if time.monotonic() < end:
        for ends in _ends(server):
            server.execute(schema, database="random_source")
            server.execute(schema, database="random_target")
            _mutate(ends.target_dsn, changes)
            asyncio.run(_becomes(ends, schema))


def _ends(server: Cluster) -> Iterator[Ends]:
    """One pair of new databases, gone afterwards."""
    names = ("random_source", "random_target")
    try:
        dsns = [server.create_database(name) for name in names]
        yield Ends(server, *map(direct.Database, dsns), *dsns)
    finally:
        for name in (*names, f"{names[0]}_again"):
            server.drop_database(name)


def _mutate(dsn: str, changes: list[str]) -> None:
    with psycopg.connect(dsn, autocommit=True) as connection:
        for change in changes:
            try:
                connection.execute(change.encode())
            except psycopg.Error as error:
                print(f"refused: {change}: {error}")


async def _becomes(ends: Ends, text: str) -> None:
    async with ends.source, ends.target:
        source, target = await oracle.sides(ends, ends.source)
        await oracle.becomes(ends, await oracle.plan(source, target), source, target, text)
