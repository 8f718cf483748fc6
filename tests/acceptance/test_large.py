"""Changes that are larger than one call to the platform."""

from __future__ import annotations

import pytest

from tests.acceptance.conftest import Team

LARGE = """\
create schema large;
do $do$ begin
  for n in 1..90 loop
    execute format('create function large.f%s() returns text language sql as %L', n,
      'select ' || quote_literal(repeat(format(E'"%s" it''s\\n', n), 1200)));
  end loop;
  execute format('create function large.whole() returns text language sql as %L',
    'select ' || quote_literal(repeat('"', 1100000)));
  -- printed in another form once its own text was read
  create table large.t (s varchar(9) check (s in ('a', 'b')));
  create schema supabase_migrations;
  create table supabase_migrations.schema_migrations (version text primary key, statements text[]);
  insert into supabase_migrations.schema_migrations
    select n, array[repeat(format(E'"%s" it''s\\n', n), 60000)] from generate_series(1, 3) n;
end $do$;
"""
GONE = "drop schema if exists large cascade; drop schema if exists supabase_migrations cascade"
HISTORY = "select md5(string_agg(m::text, '' order by version))"
HISTORY += " from (select version, statements from supabase_migrations.schema_migrations) m"
"""Of a branch that has none, all the same: production's has fewer columns than are made there."""
STAGED = "select count(*) from supasync.staging"


@pytest.fixture
def large(synced: Team):
    """A team whose production has what takes several calls to say."""
    synced.main_sql(LARGE)
    yield synced
    synced.main_sql(GONE)


def test_a_change_of_several_calls_is_one_transaction(large: Team):
    result = large("branches", "sync", "testing", "--json")
    assert result.code == 0, result.out + result.err
    assert large.sql("testing", "select length(large.whole())") == 1_100_000
    assert large.sql("testing", STAGED) == 0
    assert large.sql("testing", HISTORY) == large.main_value(HISTORY)
    assert large("branches", "diff", "testing").code == 0  # the record was kept
    large.main_sql(GONE)
    assert large("branches", "sync", "testing", "--prune").code == 0
    assert large.sql("testing", HISTORY) is None, "production has none, so it is empty"
    assert large.sql("testing", "select to_regnamespace('large')") is None


def test_what_fails_leaves_the_branch_as_it_was(large: Team):
    large.main_sql("create table large.u (role public.rank unique)")
    row = "insert into public.users (email, role) values ('{}@example.test', 'admin')"
    for name in ("a", "b"):
        large.sql("testing", row.format(name))
    large.main_sql("alter table public.users add constraint one_each unique (role)")
    try:
        refused = large("branches", "sync", "testing", "--no-data-loss", "--json")
        assert refused.code == 5, refused.out + refused.err
        assert large.sql("testing", "select to_regnamespace('large')") is None
        assert large.sql("testing", STAGED) > 1
        large.sql("testing", "delete from public.users")
        large.main_sql("alter table public.users drop constraint one_each")
        assert large("branches", "sync", "testing", "--prune").code == 0
        assert large.sql("testing", STAGED) == 0
    finally:
        large.main_sql("alter table public.users drop constraint if exists one_each")
