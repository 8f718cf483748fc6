"""What a seed names that production does not have, told before a sync."""

from __future__ import annotations

from pathlib import Path

import pytest

from supasync.sync.seeding.planned import lacking
from supasync.sync.seeding.script import compose, read

MAIN = {
    ("public", "users"): {"id", "email"},
    ("public", "admins"): None,
    ("app", "ships"): {"name"},
    ("app", "log"): {"a"},
    ("public", "log"): {"b"},
}


def told(tmp_path: Path, text: str, rows: str = "") -> list[str]:
    paths = [tmp_path / "a.sql"]
    paths[0].write_text(text)
    if rows:
        paths.append(tmp_path / "public.users.csv")
        paths[1].write_text(rows)
    found = lacking(compose(read(paths), None), MAIN)
    return [f"{place}: {what}".replace(f"{tmp_path}/", "") for place, _, what in found]


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("select 1;\n\ninsert into crew values (1)", "a.sql:3: table crew"),
        (
            "insert into users (id, nick) values (1, 2)",
            "a.sql:1: column public.users.nick",
        ),
        ("update public.users set nick = 1", "a.sql:1: column public.users.nick"),
        (
            "insert into users (id) values (1) on conflict (id) do update set nick = 1",
            "a.sql:1: column public.users.nick",
        ),
        ("delete from users using app.gone", "a.sql:1: table app.gone"),
        ("truncate users, gone", "a.sql:1: table gone"),
        ("with x as (select 1) insert into users (id) select * from x", ""),
        ("select id into made from users; insert into admins (whatever) values (1)", ""),
        ("create table crew (id int); insert into crew (id) values (1)", ""),
        ("alter table users add nick text; update users set nick = 'x'", ""),
        ("insert into auth.users (nick) values (1); select * from pg_class", ""),
        ("set search_path = app; insert into ships (name) values (1)", ""),
        ("insert into log (nick) values (1)", ""),
        (
            "create trigger t after insert on users execute function f(); truncate gone",
            "a.sql:1: table gone",
        ),
        ("do $$ begin execute 'create ' || 'table x()'; end $$; truncate x", ""),
    ],
)
def test_statements(tmp_path, text, missing):
    assert told(tmp_path, text) == ([missing] if missing else [])


def test_rows_of_a_file(tmp_path):
    assert told(tmp_path, "select 1", rows="id,nick\n1,2\n") == [
        "public.users.csv:1: column public.users.nick"
    ]
