"""A branch's own rows that do not fit production's schema."""

from __future__ import annotations

import pytest

from tests.acceptance.conftest import Team
from tests.acceptance.test_sync import configure

UNFIT = {
    "not null": (
        "alter table public.users add column {name} text; update public.users set {name} = 'x';"
        " alter table public.users alter column {name} set not null",
        "insert into public.users (email, role, {name}) values ('a@example.test', 'admin', 'x')",
        '"{name}" of relation "users" contains null values',
    ),
    "unique": (
        "alter table public.users add constraint {name} unique (role)",
        "insert into public.users (email, role) values ('a@example.test', 'admin')",
        "could not create unique index",
    ),
}
ROWS = """\
insert into public.users (email, role)
values ('admin@example.test', 'admin'), ('crew@example.test', 'crew'), ('b@example.test', 'crew')
on conflict (email) do update set role = excluded.role;
"""


@pytest.mark.parametrize("case", UNFIT)
def test_rows_that_do_not_fit_are_emptied_when_the_seed_fills_them_again(team: Team, case):
    name = f"fits_{case.replace(' ', '_')}"
    change, row, told = (text.format(name=name) for text in UNFIT[case])
    team.write("seeds/20_rows.sql", ROWS)
    team("branches", "sync", "testing", "--prune")
    assert team.sql("testing", "select count(*) from public.users") == 3
    team.main_sql(change)
    try:
        refused = team("branches", "sync", "testing", "--no-data-loss", "--json")
        assert refused.code == 5
        reason = refused.branch("testing")["reason"]
        assert "do not fit" in reason and told.split("{")[0] in reason
        assert "[seed] function" in refused.branch("testing")["remedy"]
        [failed] = [each for each in refused.branch("testing")["phases"] if not each["ok"]]
        assert (failed["phase"], failed["note"]) == ("apply", "")
        bare = team("schema", "sync", "main", "testing")
        assert bare.code == 5
        assert "do not fit" in bare.out
        assert team.sql("testing", "select count(*) from public.users") == 3

        team.write("seeds/20_rows.sql", row)
        configure(team, '[[test_users]]\nemail = "crew', '[[test_users]]\nemail = "a')
        configure(team, '[profiles]\ntable = "public.users"', "")
        result = team("branches", "sync", "testing")
        assert result.code == 0, result.out + result.err
        assert "did not fit" in result.out
        assert "public.reseed() emptied the tables first" in result.out
        assert team.sql("testing", "select string_agg(email, ' ') from public.users") == (
            "a@example.test"
        )
    finally:
        team.main_sql(
            f"alter table public.users drop constraint if exists {name};"
            f" alter table public.users drop column if exists {name}"
        )


def test_a_value_that_does_not_fit_names_the_column(synced: Team):
    synced.sql("testing", "create table public.code (id text); insert into code values ('x')")
    synced.main_sql("create table public.code (id uuid)")
    try:
        result = synced("branches", "sync", "testing", "--no-data-loss")
        assert result.code == 5, result.out
        assert 'invalid input syntax for type uuid: "x"' in result.out
        assert "public.code.id" in result.out
    finally:
        synced.main_sql("drop table public.code")
