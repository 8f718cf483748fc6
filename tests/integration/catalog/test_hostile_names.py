"""Names and texts in main never become executed text on a target: not in a call, not in a staged
plan, not in a dump that psql loads, not in a plan that drops them all.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from supasync import catalog, direct
from supasync.sandbox.postgres import Cluster
from supasync.sync.bookkeeping.lease import Lease
from supasync.sync.bookkeeping.staging import Staging
from supasync.sync.context import Run
from supasync.sync.dumping import files
from tests import hostile
from tests.fix_catalog import Ends, dump
from tests.fix_sandbox import ON_MAIN, SERVERS

SCOPE = catalog.scope("all")
CANARY = "create table public.canary (id int); insert into public.canary values (1)"
STATE = """select json_build_array('public.canary'::regclass::oid, (select count(*) from
  public.canary), (select string_agg(relname, ',') from pg_class where relname ~ '^pwned'),
  (select string_agg(rolname, ',') from pg_roles where rolname ~ '^pwned'))::text"""
ESCAPES = (
    "do $$ begin execute format('alter database %I set standard_conforming_strings = off',"
    " current_database()); execute format('alter database %I set escape_string_warning = off',"
    " current_database()); end $$"
)


@pytest.fixture(scope="module")
def roles(any_cluster: Cluster) -> Iterator[tuple[str, ...]]:
    """One for each name; they are the server's, and go once the databases are gone."""
    names = tuple("u" + name for name in hostile.NAMES)
    any_cluster.execute(*(f"create role {hostile.quoted(name)}" for name in names))
    yield names
    any_cluster.execute(*(f"drop role {hostile.quoted(name)}" for name in names))


@pytest.fixture(scope="module")
def template(any_cluster: Cluster, roles: tuple[str, ...]) -> Iterator[str]:
    """The name of a database full of them."""
    name = "hostile"
    any_cluster.create_database(name)
    script = "".join(map(hostile.schema, hostile.NAMES, roles))
    texts = "".join(
        f"create table public.t{number} (a text); "
        f"comment on table public.t{number} is {hostile.text(value)};\n"
        f"create function public.f{number}() returns text language sql"
        f" as {hostile.text(f'select 1::text --{value}')};\n"
        for number, value in enumerate(hostile.TEXTS)
    )
    any_cluster.execute("set check_function_bodies = off", CANARY, script + texts, database=name)
    yield name
    any_cluster.drop_database(name)


@pytest.fixture
async def full(ends: Ends, template: str) -> Ends:
    """The source is full of them, the target has only the canary."""
    name = ends.source_dsn.rpartition("/")[2]
    await ends.source.aclose()
    ends.cluster.drop_database(name)
    ends.cluster.create_database(name, template=template)
    await ends.target.run(CANARY)
    return ends


@dataclass
class Narrow:
    """A database whose calls carry little, so that all of a plan is staged."""

    inner: direct.Database

    @property
    def name(self) -> str:
        return self.inner.name

    async def fetch(self, sql: str) -> str | None:
        return await self.inner.fetch(sql)

    def fits(self, sql: str) -> bool:
        return len(sql) < 300_000

    async def run(self, sql: str) -> str | None:
        assert self.fits(sql)
        return await self.inner.run(sql)


@ON_MAIN
@pytest.mark.parametrize("backslashes", ["as they are", "as escapes"])
async def test_they_come_and_go_and_nothing_of_them_is_executed(
    full: Ends, backslashes: str
) -> None:
    """Also where a setting of the databases makes 'a\\b' an escape."""
    before = await _state(full.target)
    assert before.endswith("1, null, null]")
    if backslashes == "as escapes":
        for end in (full.source, full.target):
            await end.run(ESCAPES)
            await end.aclose()
    empty = dump(full.cluster, full.target_dsn)
    await full.sync()
    assert dump(full.cluster, full.target_dsn) == dump(full.cluster, full.source_dsn)
    assert (await full.plan()).is_empty
    assert await _state(full.target) == before
    away = replace(full, source=await full.another(CANARY))
    await away.sync()
    assert dump(full.cluster, full.target_dsn) == empty
    assert await _state(full.target) == before


@ON_MAIN
async def test_they_are_staged_and_nothing_of_them_is_executed(full: Ends) -> None:
    narrow, before = Narrow(full.target), await _state(full.target)
    plan = await full.plan()
    async with Lease(narrow, Run(emit=lambda _: None)) as lease:
        await catalog.apply(
            narrow,
            plan,
            SCOPE,
            before=lease.fence(),
            journal=True,
            staging=Staging(narrow, lease),
        )
    ours = "--exclude-schema=supasync"
    assert dump(full.cluster, full.target_dsn, ours) == dump(full.cluster, full.source_dsn, ours)
    assert await _state(full.target) == before


@ON_MAIN
@pytest.mark.parametrize("split", [False, True])
async def test_psql_loads_them_and_executes_nothing_of_them(
    full: Ends, tmp_path: Path, split: bool
) -> None:
    """What psql reads for itself too: variables and backslash commands."""
    before = await _state(full.target)
    await full.target.run("drop table public.canary")
    state = await full.observe(full.source)
    made = await catalog.make_dump(full.source, state, SCOPE)
    texts = files.files(made) if split else {"schema.sql": made.text}
    assert _loaded(texts, tmp_path, full.target_dsn) == ""
    assert dump(full.cluster, full.target_dsn) == dump(full.cluster, full.source_dsn)
    after = await _state(full.target)  # the canary is a new one, without its row
    assert (after[-15:], before[-15:]) == (" 0, null, null]", " 1, null, null]")


def _loaded(texts: Mapping[str, str], folder: Path, dsn: str) -> str:
    """Loads them with psql. Returns what went wrong."""
    for name, text in texts.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode())
    done = subprocess.run(
        [_psql(), "-X", "-1", "-q", "-v", "ON_ERROR_STOP=1", "-f", "schema.sql", dsn],
        capture_output=True,
        check=False,
        cwd=folder,
        text=True,
        timeout=120,
    )
    made = [str(path) for path in folder.glob("**/pwned*")]
    return done.stderr + "".join(made)


def _psql() -> str:
    found = [each.tool("psql") for each in SERVERS if Path(each.tool("psql")).exists()]
    return found[-1]


async def _state(database: direct.Database) -> str:
    return await database.fetch(STATE) or ""
