"""What the engine really asks of servers is recognised, and what was tampered with is not."""

from __future__ import annotations

import random

from supasync import catalog
from supasync.ports import Database
from supasync.sql import VALUE, fill
from supasync.sync import asked
from tests.fix_catalog import Ends
from tests.integration.catalog.test_look import SCHEMA

CIRCLES = """
create table public.t (a int, b text);
create view public.v as select a, b from public.t;
create function public.f(public.v) returns int language sql begin atomic select $1.a; end;
create or replace view public.v as select a, b, 1 as c from public.t;
create function public.g() returns setof public.v language sql as 'select * from public.v';
create or replace view public.v as select a, b, (select count(*)::int from public.g()) as c
  from public.t;
"""
TAMPERED = 8


class Heard:
    """A database, and the texts that it was asked."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.name = database.name
        self.texts: list[str] = []

    async def fetch(self, sql: str) -> str | None:
        self.texts.append(sql)
        return await self._database.fetch(sql)

    def fits(self, sql: str) -> bool:
        return self._database.fits(sql)


async def test_all_that_is_asked(ends: Ends) -> None:
    """A first look, a plan, the look after it, one that knows everything; a schema with many kinds
    and with circles, read as the source and as the target."""
    await ends.source.run(SCHEMA)
    await ends.source.run(CIRCLES)
    for scope in (catalog.scope("all"), catalog.scope("supabase", keep_functions=["app.rate"])):
        full, empty = Heard(ends.source), Heard(ends.target)
        states = [await catalog.observe(end, scope) for end in (full, empty)]
        await catalog.make_plan(full, states[0], empty, states[1], scope)
        await catalog.make_plan(empty, states[1], full, states[0], scope)
        await ends.source.run("alter table app.t add later int")
        again = await catalog.observe(full, scope, states[0])
        await catalog.observe(full, scope, again)
        found = [asked.understand(sql) for sql in full.texts + empty.texts]
        assert [sql for sql in full.texts + empty.texts if asked.understand(sql) is None] == []
        assert {"look", "objects", "stub uses"} <= {each.query for each in found if each}
        for sql in full.texts:
            _refused_when_tampered(sql)
        await ends.source.run("alter table app.t drop later")


def _refused_when_tampered(sql: str) -> None:
    statement = asked.understand(sql)
    assert statement is not None
    assert fill(statement.template, statement.values) == sql
    draw = random.Random(len(sql))
    parts = statement.template.split(VALUE)
    for _ in range(TAMPERED):
        number = draw.randrange(len(parts))
        if not parts[number]:
            continue
        place = draw.randrange(len(parts[number]))
        altered = (
            parts[number][:place] + draw.choice([" ", "x", "", "'"]) + parts[number][place + 1 :]
        )
        if altered != parts[number]:
            template = VALUE.join([*parts[:number], altered, *parts[number + 1 :]])
            assert asked.understand(fill(template, statement.values)) is None
