"""What a diff's statements are about, and which of them are no disagreement."""

from __future__ import annotations

import pytest

from supasync.sync.statements import split, subject
from supasync.sync.witness import Explained, disagreement

SUBJECTS = {
    "create or replace view public.v as select 1": ("public", "v"),
    'drop table if exists "public"."User" cascade': ("public", "User"),
    "-- a note\nalter table only public.t\n  add constraint c check (true)": ("public", "t", "c"),
    "alter table t drop constraint if exists c": ("t", "c"),
    "alter table public.t alter column c set default 1": ("public", "t", "c"),
    "alter table public.t alter column c type text": (),
    "alter table public.t add column c int": (),
    "alter table public.t disable trigger hook": ("public", "t", "hook"),
    "create unique index i on only public.t (a)": ("public", "i"),
    'create policy "a ""b""" on public.t for select': ("public", "t", 'a "b"'),
    "create trigger g after insert on public.t for each row execute function f()": (
        *("public", "t"),
        "g",
    ),
    "CREATE FUNCTION public.reseed() RETURNS void": ("public", "reseed"),
    "grant execute on function public.reseed() to anon": ("public", "reseed"),
    "comment on view public.v is 'x'": ("public", "v"),
    "vacuum": (),
}


@pytest.mark.parametrize("statement", SUBJECTS)
def test_what_a_statement_is_about(statement: str):
    assert subject(statement) == SUBJECTS[statement]


def test_statements_are_split_by_postgresqls_own_parser():
    text = "create function f() returns text language sql as 'select ''a;b''';\n-- ä;\nselect 'é';"
    assert [each.split()[0] for each in split(text)] == ["create", "select"]
    assert split(" \n ") == []
    assert split("<html>this is no SQL</html>") == ["<html>this is no SQL</html>"]


KNOWN = Explained(
    reparsed=frozenset({("constraint", "public", "t", "odd"), ("view", "public", "v")}),
    kept=frozenset({("public", "reseed")}),
)
HOOK = """\
drop trigger if exists hook on public.t;
CREATE TRIGGER hook AFTER INSERT ON public.t FOR EACH ROW
  EXECUTE FUNCTION supabase_functions.http_request('https://x');
ALTER TABLE public.t DISABLE TRIGGER hook;
"""


@pytest.mark.parametrize(
    "text",
    [
        "",
        "set check_function_bodies = off;",
        "alter table public.t drop constraint odd; "
        "alter table public.t add constraint odd check (a);",
        "create or replace view public.v as select 1",
        "create function public.reseed() returns void language sql as ''; "
        "grant all on function public.reseed() to anon;",
        HOOK,
        "create server s foreign data wrapper w options (host 'h')",
    ],
)
def test_what_the_engine_knows_of_is_no_disagreement(text: str):
    assert KNOWN.rest(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "drop table public.t",
        "alter table public.t add column odd int",
        "alter table public.other drop constraint odd",
        "create view public.w as select * from public.v",
        "create function public.f() returns void language sql as 'select public.reseed()'",
        "alter table public.t disable trigger another",
        "no SQL at all",
        "-- TABLE t of public is not the same",
    ],
)
def test_everything_else_is(text: str):
    assert KNOWN.rest(text) == [text]


def test_a_disagreement_shows_some_and_where_the_rest_is():
    error = disagreement([f"drop table public.t{n}" for n in range(5)], "/tmp/x.json")
    assert "drop table public.t0" in error.message and "and 2 more" in error.message
    assert "/tmp/x.json" in str(error.remedy)
    assert error.exit_code == 3
