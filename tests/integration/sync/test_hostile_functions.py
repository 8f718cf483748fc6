"""A seed function whose name looks like our own quoting is called, and nothing else is."""

from __future__ import annotations

from pathlib import Path

import pytest

from supasync.config import Seed
from supasync.sync import rows
from supasync.sync.seeding.script import compose, read

NAMES = (
    "a$call$; drop table canary; --",
    "a$empty$; drop table canary; --",
    "$supasync$; drop table canary; --",
    "'; drop table canary; --\\",
    "{fingerprint}{0}%s",
)


@pytest.mark.parametrize("name", NAMES)
async def test_it_is_called(database, value, name: str, tmp_path: Path):
    function = Seed(function=f'public."{name}"').function
    assert function is not None
    await database.run(
        "create table canary (id int); create schema supasync;"
        "create sequence supasync.seed_position minvalue 0;"
        f"create function {function}() returns void language sql as"
        " 'insert into canary values (1)'"
    )
    assert await rows.can_empty(database, function)
    await database.run(rows.empty(function))
    assert await value("select count(*) from canary") == "1"
    file = tmp_path / "seed.sql"
    file.write_text("select 1")
    script = compose(read([file]), function)
    await database.run(script.text + "select 'done'::text;")
    assert await value("select count(*) from canary") == "2"
