"""A dump, loaded into an empty database, is the schema it was taken from: pg_dump says so."""

from __future__ import annotations

import importlib.util
import subprocess
from pathlib import Path

import pytest

from supasync import catalog
from supasync.catalog import Dump
from supasync.errors import SourceMoved
from supasync.sync.context import Run
from supasync.sync.dumping import files, folder
from supasync.sync.dumping.dump import read_dump
from supasync.sync.ends import End
from tests.fix_catalog import Ends, dump
from tests.fix_sandbox import ON_MAIN
from tests.property.pieces import PIECES

ROOT = Path(__file__).parents[3]
CORPUS = ROOT / "tests" / "corpus"
ALL = catalog.scope("all")


def _bench_schema() -> str:
    path = ROOT / "scripts" / "bench.py"
    spec = importlib.util.spec_from_file_location("bench", path)
    assert spec
    assert spec.loader
    bench = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(bench)
    return "\n".join(bench.schema(40))


def _pieces(variant: int) -> str:
    return ";\n".join(piece.variants[variant % len(piece.variants)] for piece in PIECES)


FIXTURES = {
    "an application of 40 tables": _bench_schema(),
    "all pieces": _pieces(0),
    "all pieces, otherwise": _pieces(1),
    "nothing": "",
    "no public schema": "drop schema public",
    "a language that not everybody may use": "revoke all on language plpgsql from public",
    "another public schema": "alter schema public owner to postgres; comment on schema public is"
    " null; revoke all on schema public from public; grant usage on schema public to anon",
}
ODD_NAMES = "table--odd-names"
_CASES = {case.name: (case / "b.sql").read_text() for case in sorted(CORPUS.iterdir())}
LAST_OF_KIND = {
    name.partition("--")[0]: name
    for name, text in _CASES.items()
    # PostgreSQL's own dump does not load where an extension's members were added by hand
    if not text.startswith("-- needs: ") and "alter extension" not in text
}
FIXTURES[ODD_NAMES] = _CASES[ODD_NAMES]


async def _dump(ends: Ends) -> Dump:
    return await catalog.make_dump(ends.source, await ends.observe(ends.source), ALL)


def _load(ends: Ends, file: Path) -> None:
    """As the dump's first line says."""
    psql = ends.cluster.binaries.tool("psql")
    command = [psql, "-X", "-q", "-1", "-v", "ON_ERROR_STOP=1", "-f", str(file), ends.target_dsn]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    assert not done.stderr


async def _same(ends: Ends) -> None:
    assert dump(ends.cluster, ends.target_dsn) == dump(ends.cluster, ends.source_dsn)
    assert (await ends.plan()).is_empty


@pytest.mark.parametrize("fixture", FIXTURES)
async def test_a_dump_is_the_schema(ends: Ends, fixture: str, tmp_path: Path) -> None:
    await _is_dumped(ends, FIXTURES[fixture], tmp_path)


@ON_MAIN
@pytest.mark.parametrize("case", LAST_OF_KIND.values())
async def test_every_kind_is_dumped(ends: Ends, case: str, tmp_path: Path) -> None:
    await _is_dumped(ends, _CASES[case], tmp_path)


async def _is_dumped(ends: Ends, schema: str, tmp_path: Path) -> None:
    await ends.source.run(schema)
    found = await _dump(ends)
    file = tmp_path / "dump.sql"
    folder.write(file, found.text)
    _load(ends, file)
    await _same(ends)


@pytest.mark.parametrize("fixture", ["an application of 40 tables", "all pieces", ODD_NAMES])
async def test_the_files_of_a_dump_are_the_schema(ends: Ends, fixture: str, tmp_path: Path) -> None:
    await ends.source.run(FIXTURES[fixture])
    found = await _dump(ends)
    written = files.files(found)
    folder.replace(tmp_path, written, files.first_line)
    _load(ends, tmp_path / files.INDEX)
    await _same(ends)
    # nothing of a file depends on the database the schema is in
    copy = await catalog.make_dump(ends.target, await ends.observe(ends.target), ALL)
    assert files.files(copy) == written


async def test_a_dump_says_what_is_not_in_it(ends: Ends) -> None:
    await ends.source.run("create table t (a int); create index concurrently_broken on t (a)")
    await ends.source.run("update pg_index set indisvalid = false where indrelid = 't'::regclass")
    found = await _dump(ends)
    assert found.text.splitlines()[1] == "-- Not in it: 1 invalid indexes"


async def test_a_schema_that_changes_while_it_is_read_is_read_again(ends: Ends) -> None:
    await ends.source.run("create table t (id int)")
    moving = _Moving(ends, changes=2)
    found = await read_dump(_run(), End(database=moving, key=""), ALL)
    assert '"left_1"' in found.text
    with pytest.raises(SourceMoved):
        await read_dump(_run(), End(database=_Moving(ends, changes=9), key=""), ALL)


def _run() -> Run:
    return Run(emit=lambda _: None)


class _Moving:
    """The source, changed by somebody else after each look, so many times."""

    def __init__(self, ends: Ends, changes: int) -> None:
        self.name, self._ends, self._left = "source", ends, changes

    async def fetch(self, sql: str) -> str | None:
        answer = await self._ends.source.fetch(sql)
        if "supasync.look" in sql and self._left:
            await self._ends.source.run(f"alter table t add left_{self._left} int")
            self._left -= 1
        return answer
