"""Real PostgreSQL servers for tests: one per session, a database of its own per test."""

from __future__ import annotations

import itertools
import os
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import httpx
import pytest

from supasync.sandbox import Sandbox, binaries, golden
from supasync.sandbox.home import Home
from supasync.sandbox.postgres import Cluster
from supasync.sandbox.site import Options

MakeDatabase = Callable[..., str]


# More servers than are found by themselves: folders with initdb and postgres.
NAMED = [Path(folder) for folder in os.environ.get("SUPASYNC_TEST_PG", "").split(":") if folder]
_FOUND = {each.major: each for each in (*binaries.installed(), *map(binaries.checked, NAMED))}
SERVERS = tuple(_FOUND[major] for major in sorted(_FOUND))
"""One of each major version to test with."""

EVERYTHING = bool(os.environ.get("SUPASYNC_TEST_EVERYTHING"))
"""Whether time does not matter."""

MAIN = binaries.find().major
"""The major that the sandbox uses."""

TESTED = tuple(each for each in SERVERS if EVERYTHING or each.major in (SERVERS[0].major, MAIN))
"""The oldest major and the main one, which Supabase runs, or all."""

ON_MAIN = pytest.mark.parametrize(
    "any_cluster",
    [each for each in TESTED if EVERYTHING or each.major == MAIN],
    ids=lambda each: f"pg{each.major}",
    indirect=True,
    scope="session",
)
"""For tests in which the major hardly matters."""

MEMORY = Path("/dev/shm")
ROOM = 4 << 30


@pytest.fixture(scope="session")
def home() -> Iterator[Home]:
    with Home.new(runs()) as home:
        yield home


def runs() -> Path | None:
    """A folder in memory, where there is room: creating a database takes a tenth of the time."""
    if not MEMORY.is_dir() or shutil.disk_usage(MEMORY).free < ROOM:
        return None
    runs = MEMORY / f"supasync-tests-{os.geteuid()}"
    runs.mkdir(mode=0o755, exist_ok=True)
    return runs


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


@pytest.fixture(scope="session", params=TESTED, ids=lambda each: f"pg{each.major}")
def any_cluster(request: pytest.FixtureRequest) -> Iterator[Cluster]:
    """Like `cluster`, once for every major version that is `TESTED`."""
    with Home.new(runs()) as folder:
        yield from _started(folder, request.param)


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    """An empty one with the branches testing and preview; for tests that leave them alone."""
    box = Sandbox(Options(example=False, delay=0))
    yield box
    box.close()


@pytest.fixture
async def management(sandbox: Sandbox) -> AsyncIterator[httpx.AsyncClient]:
    """HTTP to `sandbox` with its access token."""
    async with client(sandbox) as opened:
        yield opened


def client(box: Sandbox) -> httpx.AsyncClient:
    headers = {"authorization": f"Bearer {box.access_token}"}
    return httpx.AsyncClient(base_url=box.api_url, headers=headers, timeout=30)


def without_helpers(types: str) -> str:
    """Generated types without the helper types, which each generator words its own way."""
    before, _, rest = types.partition("type DatabaseWithoutInternals")
    _, constants, after = rest.partition("export const Constants")
    return before + constants + after


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
