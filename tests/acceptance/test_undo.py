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


def test_several_syncs_back_and_forth_again(synced: Team):
    synced.sql("testing", "create table public.one (id int)")
    first = synced.dump("testing")
    assert synced("branches", "sync", "testing").code == 0
    synced.sql("testing", "create table public.two (id int)")  # in between, by hand
    assert synced("branches", "sync", "testing").code == 0
    after = synced.dump("testing")
    back = synced("branches", "undo", "testing", "--steps", "2")
    assert back.code == 0, back.out + back.err
    assert synced.dump("testing") == first
    listed = synced("branches", "undo", "testing", "--list", "--json").json["kept"]
    assert [each["before"] for each in listed][:3] == ["undo", "sync", "sync"]
    unknown = synced("branches", "undo", "testing", "--before", "never")
    assert unknown.code == 2 and "no run never is kept" in unknown.out
    forth = synced("branches", "undo", "testing", "--before", listed[0]["run_id"])
    assert forth.code == 0, forth.out + forth.err
    assert synced.dump("testing") == after


def test_loss_is_told_and_refused_when_asked(team: Team):
    """Production's new table came with the sync and has rows now: undone, they are lost."""
    team.main_sql("create table public.news (id int)")
    try:
        assert team("branches", "sync", "testing").code == 0
    finally:
        team.main_sql("drop table public.news")
    team.sql("testing", "insert into public.news values (1)")
    refused = team("branches", "undo", "testing", "--no-data-loss")
    assert refused.code == 4
    assert "TABLE public.news" in refused.out
    assert team.sql("testing", "select count(*) from public.news") == 1
    done = team("branches", "undo", "testing")
    assert done.code == 0, done.out + done.err
    assert "data-loss: TABLE public.news" in done.out
    assert team.sql("testing", "select to_regclass('public.news')") is None


@pytest.mark.parametrize(
    ("args", "code", "told"),
    [
        (("main",), 4, "never a target"),
        (("nowhere",), 2, "no branch 'nowhere'"),
        (("testing", "--steps", "0"), 2, "--steps"),
        (("main", "--list"), 4, "never a target"),
    ],
)
def test_what_cannot_be_undone_says_why(team: Team, args, code, told):
    result = team("branches", "undo", *args)
    assert result.code == code
    assert told in result.out + result.err
    assert "Traceback" not in result.err
