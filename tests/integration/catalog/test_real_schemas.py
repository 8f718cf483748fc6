"""Schemas of real applications, held to what pg_dump says: from nothing, and from earlier states.

The folder in SUPASYNC_SCHEMAS has NAME.sql (what `pg_dump --schema-only` printed) and NAME.roles
(roles to make first, a line each), and in `older/` NAME-old of some; else `shared/corpus` beside
the checkout is looked into. SUPASYNC_TORTURE is a file with all that a superuser can make.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest

from supasync import catalog, direct
from supasync.sandbox import binaries, golden
from supasync.sandbox.home import Home
from supasync.sandbox.postgres import Cluster
from tests import oracle
from tests.fix_catalog import ROLES, Ends
from tests.fix_sandbox import SERVERS, runs

SHARED = Path(__file__).parents[3].parent / "shared"
SCHEMAS = Path(os.environ.get("SUPASYNC_SCHEMAS", SHARED / "corpus"))
TORTURE = Path(os.environ.get("SUPASYNC_TORTURE", SHARED / "bench" / "torture.sql"))
SECRETS_GO = (
    "alter subscription sub_1 set (slot_name = none)",
    "drop subscription sub_1",
    "alter user mapping for t_reader server fs options (drop password)",
)
OLDER = sorted(SCHEMAS.glob("older/*-old.sql"))
NEWER = sorted(SCHEMAS.glob("*.sql"))

found = pytest.mark.skipif(
    not NEWER, reason="no schemas of real applications; set SUPASYNC_SCHEMAS to their folder"
)


@pytest.fixture(scope="module", params=[binaries.find()], ids=lambda each: f"pg{each.major}")
def real_cluster(request: pytest.FixtureRequest) -> Iterator[Cluster]:
    """A server of its own: these schemas bring roles."""
    with Home.new(runs()) as home:
        folder = home.path / "real"
        folder.mkdir(mode=0o755)
        cluster = golden.clone(folder, request.param)
        cluster.start()
        for role in (*ROLES, "t_owner", "t_reader", "t_writer"):
            cluster.execute(f"create role {role}")
        yield cluster
        cluster.stop(quick=True)


def _load(cluster: Cluster, name: str, file: Path | None) -> direct.Database:
    cluster.drop_database(name)
    dsn = cluster.create_database(name)
    if file is None:
        return direct.Database(dsn)
    roles = file.with_suffix(".roles")
    for statement in roles.read_text().splitlines() if roles.exists() else ():
        with suppress(psycopg.errors.DuplicateObject):
            cluster.execute(statement)
    cluster.execute(file.read_text(), database=name)
    return direct.Database(dsn)


def _text(file: Path, *after: str) -> str:
    return ";\n".join((file.read_text(), *after))


async def _held(cluster: Cluster, a: Path | None, b: Path, after: tuple[str, ...] = ()) -> None:
    """Makes a database with `a` one with `b`, and with what happens there after it."""
    source, target = _load(cluster, "source", b), _load(cluster, "target", a)
    cluster.execute(*after, database="source")
    ends = Ends(cluster, source, target, cluster.dsn("source"), cluster.dsn("target"))
    async with source, target:
        right, left = await oracle.sides(ends, ends.source)
        plan = await oracle.plan(right, left)
        await oracle.becomes(ends, plan, right, left, _text(b, *after))


@found
@pytest.mark.parametrize("file", [pytest.param(file, id=file.stem) for file in NEWER])
async def test_from_nothing(real_cluster: Cluster, file: Path) -> None:
    await _held(real_cluster, None, file)


@found
@pytest.mark.parametrize("old", [pytest.param(old, id=old.stem) for old in OLDER])
@pytest.mark.parametrize("way", ["forth", "back"])
async def test_between_states(real_cluster: Cluster, old: Path, way: str) -> None:
    new = SCHEMAS / f"{old.stem.removesuffix('-old')}.sql"
    await _held(real_cluster, *((old, new) if way == "forth" else (new, old)))


@pytest.mark.skipif(not TORTURE.is_file(), reason="no torture.sql; set SUPASYNC_TORTURE to it")
@pytest.mark.parametrize(
    "real_cluster", SERVERS, indirect=True, ids=lambda each: f"pg{each.major}", scope="module"
)
async def test_torture(real_cluster: Cluster) -> None:
    """All of it but what does not leave a database, and is counted instead."""
    try:
        database = _load(real_cluster, "tried", TORTURE)
    except psycopg.errors.FeatureNotSupported as error:  # servers from packages have no ICU
        pytest.skip(str(error))
    state = await catalog.observe(database, oracle.SCOPE)
    assert state.unmodelled == {"subscriptions": 1, "user mappings with secret options": 1}
    real_cluster.execute(*SECRETS_GO, database="tried")  # else it cannot be dropped
    await _held(real_cluster, None, TORTURE, SECRETS_GO)
