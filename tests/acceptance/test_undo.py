"""A sync undone: the schema is what it was, by pg_dump."""

from __future__ import annotations

import pytest

from tests.acceptance.conftest import Team

DRIFT = """
create type public.kind as enum ('a', 'b');
create table public.drift (id int primary key, k public.kind not null,
  s text check (s in ('x', 'y')));
create view public.seen as select id from public.drift where s <> 'x';
create function public.f(r public.drift) returns text language sql as 'select r.s';
"""
GONE = """
drop view if exists public.seen; drop function if exists public.f;
drop table if exists public.drift; drop type if exists public.kind;
"""


@pytest.fixture
def drifted(synced: Team):
    """A branch that had objects of its own before its last sync, which dropped them."""
    synced.sql("testing", DRIFT)
    before = synced.dump("testing")
    result = synced("branches", "sync", "testing")
    assert result.code == 0, result.out + result.err
    assert synced.dump("testing") != before
    return synced, before


def test_the_schema_is_what_it_was_before_the_last_sync(drifted):
    team, before = drifted
    shown = team("branches", "undo", "testing", "--dry-run", "--json")
    assert shown.code == 0, shown.err
    assert team.dump("testing") != before
    result = team("branches", "undo", "testing", "--json")
    assert result.code == 0, result.out + result.err
    assert team.dump("testing") == before
    done = result.branch("testing")
    assert (done["verdict"], done["changed"]) == (None, True)
    assert any("TABLE public.drift comes back without" in note for note in done["notices"])
    again = team("branches", "undo", "testing", "--json").branch("testing")
    assert (again["changed"], again["plan"]["steps"]) == (False, [])
    assert team("branches", "diff", "testing").code == 1
    assert team("branches", "sync", "testing").code == 0
    assert team("branches", "status", "testing").code == 0
