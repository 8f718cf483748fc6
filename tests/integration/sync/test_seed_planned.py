"""Whether a seed fits a schema, where tables may be an extension's, which are no objects."""

from __future__ import annotations

from pathlib import Path

import pytest

from supasync import catalog
from supasync.errors import SeedError, UnknownError
from supasync.sync.seeding.planned import check
from supasync.sync.seeding.script import compose, read

TABLES = """\
create table people (id int);
create extension tablefunc; create extension pgcrypto;
create table of_tablefunc (id int); alter extension tablefunc add table of_tablefunc;
"""


class Silent:
    name = "testing"

    async def fetch(self, sql: str) -> str | None:
        raise UnknownError("it sleeps")


@pytest.mark.parametrize(
    ("seed", "branch", "told"),
    [
        ("insert into people values (1); truncate of_tablefunc", "there", ""),
        ("select 1;\ntruncate gone", "there", "seed.sql:2: production has no table gone"),
        ("truncate of_tablefunc", None, ""),
        ("truncate gone", None, ""),
        ("truncate gone", "silent", ""),
    ],
    ids=["its own", "gone", "no branch yet", "gone, no branch yet", "the branch is silent"],
)
async def test_tables_of_extensions(database, tmp_path: Path, seed, branch, told):
    """Of a branch that is not there nobody knows which tables its extensions make."""
    await database.run(TABLES)
    production = await catalog.observe(database, catalog.scope("all"))
    (tmp_path / "seed.sql").write_text(seed)
    script = compose(read([tmp_path / "seed.sql"]), None)
    asked = {"there": database, "silent": Silent(), None: None}[branch]
    if told:
        with pytest.raises(SeedError, match=told):
            await check(script, production, asked)
    else:
        await check(script, production, asked)


async def test_an_extension_that_makes_no_table_hides_none(database, tmp_path: Path):
    await database.run("create extension pgcrypto; create extension pg_trgm")
    production = await catalog.observe(database, catalog.scope("all"))
    (tmp_path / "seed.sql").write_text("truncate gone")
    script = compose(read([tmp_path / "seed.sql"]), None)
    with pytest.raises(SeedError, match=r"seed\.sql:1: production has no table gone"):
        await check(script, production, None)
