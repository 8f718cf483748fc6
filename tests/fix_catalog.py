"""Two databases and the oracle: what pg_dump says of each."""

from __future__ import annotations

import itertools
import re
import subprocess
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from supasync import catalog, direct
from supasync.catalog.state import State
from supasync.sandbox.postgres import Cluster
from tests.fix_sandbox import SERVERS

ROLES = ("anon", "authenticated", "service_role")


@dataclass(frozen=True)
class Ends:
    """A source and a target database on one server."""

    cluster: Cluster
    source: direct.Database
    target: direct.Database
    source_dsn: str
    target_dsn: str

    async def another(self, sql: str) -> direct.Database:
        """One more database on that server, after this SQL; there is one at a time."""
        name = f"{self.source_dsn.rpartition('/')[2]}_again"
        self.cluster.drop_database(name)
        database = direct.Database(self.cluster.create_database(name))
        await database.run(sql)
        return database

    async def plan(self, *, scope: str = "all", journal: bool = False) -> catalog.Plan:
        of = catalog.scope(scope)
        states = [await catalog.observe(end, of) for end in (self.source, self.target)]
        return await catalog.make_plan(
            self.source, states[0], self.target, states[1], of, reread=not journal
        )

    async def observe(self, end: direct.Database, remembered: State | None = None) -> State:
        return await catalog.observe(end, catalog.scope("all"), remembered)

    async def sync(self, *, scope: str = "all", journal: bool = False) -> State:
        plan = await self.plan(scope=scope, journal=journal)
        return await catalog.apply(self.target, plan, catalog.scope(scope), journal=journal)


def dump(cluster: Cluster, dsn: str, *options: str) -> str:
    """pg_dump --schema-only with these options, without the lines that differ from run to run.

    Where objects need each other in a circle, pg_dump's order depends on their oids: sorted then.
    """
    done = subprocess.run(
        [_pg_dump(cluster), "--schema-only", *options, "--dbname", dsn],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    text = re.sub(r"(?m)^\\(un)?restrict .*\n", "", done.stdout)
    if "could not resolve dependency loop" in done.stderr:
        text = "".join(sorted(re.split(r"(?m)^(?=--\n-- (?:Name:|PostgreSQL) )", text)))
    return text


def _pg_dump(cluster: Cluster) -> str:
    """The server's own, or the newest there is: some packages have a server only, and it dumps
    older servers."""
    own = cluster.binaries.tool("pg_dump")
    return own if Path(own).exists() else SERVERS[-1].tool("pg_dump")


@pytest.fixture(scope="session")
def _roles(any_cluster: Cluster) -> None:
    for role in ROLES:
        any_cluster.execute(f"create role {role}")


_numbers = itertools.count(1)


@pytest.fixture
async def ends(any_cluster: Cluster, _roles: None) -> AsyncIterator[Ends]:
    number = next(_numbers)
    names = [f"source_{number}", f"target_{number}"]
    # all in one connection: connecting takes longer than copying a database in memory
    copies = [f"create database {name} template template1 strategy file_copy" for name in names]
    any_cluster.execute(*copies)
    dsns = [any_cluster.dsn(name) for name in names]
    async with direct.Database(dsns[0]) as source, direct.Database(dsns[1]) as target:
        yield Ends(any_cluster, source, target, *dsns)
    names.append(f"{names[0]}_again")
    any_cluster.execute(*(f"drop database if exists {name} with (force)" for name in names))
