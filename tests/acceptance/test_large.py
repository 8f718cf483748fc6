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
end $do$;
"""
STAGED = "select count(*) from supasync.staging"


@pytest.fixture
def large(synced: Team):
    """A team whose production has what takes several calls to say."""
    synced.main_sql(LARGE)
    yield synced
    synced.main_sql("drop schema if exists large cascade")


def test_a_change_of_several_calls_is_one_transaction(large: Team):
    result = large("branches", "sync", "testing", "--json")
    assert result.code == 0, result.out + result.err
    assert large.sql("testing", "select length(large.whole())") == 1_100_000
    assert large.sql("testing", STAGED) == 0
    assert large("branches", "diff", "testing").code == 0  # the record was kept
    large.main_sql("drop schema large cascade")
    assert large("branches", "sync", "testing", "--prune").code == 0
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
