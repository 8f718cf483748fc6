"""Real PostgreSQL servers for tests: one per session, a database of its own per test."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator

import pytest

from supasync.sandbox import binaries, golden
from supasync.sandbox.home import Home
from supasync.sandbox.postgres import Cluster

MakeDatabase = Callable[..., str]


@pytest.fixture(scope="session")
def home() -> Iterator[Home]:
    with Home.new() as home:
        yield home


def _started(home: Home, binaries_: binaries.Binaries) -> Iterator[Cluster]:
    folder = home.path / f"plain-{binaries_.version}"
    folder.mkdir(mode=0o755)
    cluster = golden.clone(folder, binaries_)
    cluster.start()
    yield cluster
    cluster.stop(quick=True)


@pytest.fixture(scope="session")
def cluster(home: Home) -> Iterator[Cluster]:
    """A plain server (superuser `postgres`, nothing of Supabase), of the version the sandbox uses.

    `cluster.superuser`, `cluster.dsn(database)`, `cluster.execute(sql, database=…)`.
    """
    yield from _started(home, binaries.find())


@pytest.fixture(scope="session", params=binaries.installed(), ids=lambda each: f"pg{each.major}")
def any_cluster(home: Home, request: pytest.FixtureRequest) -> Iterator[Cluster]:
    """Like `cluster`, once for every major version on this machine."""
    folder = Home.new()
    with folder:
        yield from _started(folder, request.param)


_numbers = itertools.count(1)


def _maker(cluster: Cluster) -> Iterator[MakeDatabase]:
    made: list[str] = []

    def make(template: str | None = None) -> str:
        name = f"test_{next(_numbers)}"
        made.append(name)
        return cluster.create_database(name, template=template)

    yield make
    for name in made:
        cluster.drop_database(name)


@pytest.fixture
def make_database(cluster: Cluster) -> Iterator[MakeDatabase]:
    """`make_database(template=None)` → dsn of a new database, dropped after the test."""
    yield from _maker(cluster)


@pytest.fixture
def make_any_database(any_cluster: Cluster) -> Iterator[MakeDatabase]:
    """`make_database` on `any_cluster`."""
    yield from _maker(any_cluster)
