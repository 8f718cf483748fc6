"""The migration history where the two sides do not have the same table."""

from __future__ import annotations

import pytest

from supasync import catalog
from tests.fix_platform import SCOPE, Pair
from tests.fix_sandbox import MAIN, TESTED

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


pytestmark = pytest.mark.parametrize(
    "projects", [each for each in TESTED if each.major == MAIN], indirect=True, scope="session"
)


@pytest.mark.parametrize(
    ("main", "branch"),
    [(NEW, FIRST), (FIRST, NEW), (SWAPPED, NEW)],
    ids=["columns are missing", "columns are too many", "keys change places"],
)
async def test_the_rows_are_productions(pair: Pair, main: str, branch: str) -> None:
    pair.main.load(main)
    pair.branch.load(branch)
    plan = await pair.sync()
    assert not plan.hazards
    want = [tuple(value for value in row if value) for row in pair.main.rows(ROWS)]
    assert [tuple(value for value in row if value) for row in pair.branch.rows(ROWS)] == want
    assert (await pair.plan()).is_empty


async def test_it_is_no_part_of_a_dump(pair: Pair) -> None:
    pair.main.load(NEW + "create table public.t (id int);")
    dump = await catalog.make_dump(pair.source, await catalog.observe(pair.source, SCOPE), SCOPE)
    assert "public" in dump.text and "schema_migrations" not in dump.text
