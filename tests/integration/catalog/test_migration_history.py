"""The migration history where the two sides do not have the same table."""

from __future__ import annotations

import pytest

from supasync import catalog
from tests.fix_platform import SCOPE, Pair

NEW = """create schema supabase_migrations;
create table supabase_migrations.schema_migrations (version text primary key, statements text[],
  name text, created_by text, idempotency_key text unique, rollback text[]);
insert into supabase_migrations.schema_migrations values
  ('1', '{"select 1"}', 'one', 'a@b.test', 'k1', '{"select 2"}'),
  ('2', null, null, null, 'k2', null);
"""
FIRST = """create schema supabase_migrations;
create table supabase_migrations.schema_migrations (version text primary key);
insert into supabase_migrations.schema_migrations values ('1'), ('3');
"""
SWAPPED = NEW.replace("'k1'", "'k'").replace("'k2'", "'k1'").replace("'k'", "'k2'")
ROWS = """select version, to_jsonb(m)->'name', to_jsonb(m)->'statements', to_jsonb(m)->'rollback',
  to_jsonb(m)->'created_by', to_jsonb(m)->'idempotency_key'
from supabase_migrations.schema_migrations m order by version"""


@pytest.mark.parametrize(
    ("main", "branch"),
    [(NEW, ""), (NEW, FIRST), (FIRST, NEW), (SWAPPED, NEW)],
    ids=["none there", "columns are missing", "columns are too many", "keys change places"],
)
async def test_the_rows_are_productions(pair: Pair, main: str, branch: str) -> None:
    pair.main.load(main)
    if branch:
        pair.branch.load(branch)
    await pair.sync()
    want = [tuple(value for value in row if value) for row in pair.main.rows(ROWS)]
    assert [tuple(value for value in row if value) for row in pair.branch.rows(ROWS)] == want
    assert (await pair.plan()).is_empty


async def test_without_a_table_there_is_none(pair: Pair) -> None:
    pair.branch.load(FIRST)
    plan = await pair.sync()
    assert [step.label for step in plan.steps] == ["MIGRATION 1", "MIGRATION 3"]
    assert pair.branch.rows(ROWS) == []
    assert (await pair.plan()).is_empty
    assert not any(step.hazards for step in plan.steps)


async def test_it_is_no_part_of_a_dump(pair: Pair) -> None:
    pair.main.load(NEW + "create table public.t (id int);")
    dump = await catalog.make_dump(pair.source, await catalog.observe(pair.source, SCOPE), SCOPE)
    assert "public" in dump.text and "schema_migrations" not in dump.text
