"""`supasync seed`, as typed: what is told before anything is sent, checks, and captured rows."""

from __future__ import annotations

from .test_sync import configure

SECRET = "hush-hush-0123456789"


def test_a_seed_that_does_not_fit_production_is_told_before_the_sync(synced):
    synced.sql("testing", "create table public.scratch (x int)")
    synced.write("seeds/30_scratch.sql", "select 1;\ninsert into public.scratch values (1)")
    result = synced("branches", "sync", "testing")
    assert result.code == 7
    assert "30_scratch.sql:2: production has no table public.scratch" in result.out
    assert synced.sql("testing", "select to_regclass('public.scratch')::text") is not None


def test_rows_of_a_file_and_a_variable_that_nobody_sees(synced):
    configure(synced, 'paths = ["seeds/*.sql"]', 'paths = ["seeds/*"]\nvariables = ["SEEDED"]')
    synced.write("seeds/20_rows.sql", "select set_config('app.x', :'SEEDED', true);")
    synced.write("seeds/30_public.users.csv", "email,role\nadmin@example.test,admin\n")
    result = synced("seed", "run", "testing")
    assert result.code == 2
    assert "[seed.variables[0]] the environment variable SEEDED is not set" in result.err
    result = synced("seed", "run", "testing", "--json", "--debug", SEEDED=SECRET)
    assert result.code == 0, result.out + result.err
    assert result.branch("testing")["seeded"] == [
        {"table": "public.users", "rows": 1, "inserted": 1, "updated": 0, "deleted": 0}
    ]
    synced.write("seeds/40_fails.sql", "select :'SEEDED'::int")
    failed = synced("seed", "run", "testing", "--debug", SEEDED=SECRET)
    assert failed.code == 7
    assert "40_fails.sql:1: invalid input syntax" in failed.out
    kept = [
        file.read_bytes().decode("latin-1")
        for file in (synced.folder / ".supasync").rglob("*")
        if file.is_file()
    ]
    for text in [*kept, result.out, result.err, failed.out, failed.err]:
        assert SECRET not in text


def test_a_check_runs_the_seed_twice_and_leaves_nothing(synced):
    rows = synced.sql("testing", "select string_agg(u::text, ' ' order by id) from public.users u")
    result = synced("seed", "check", "testing")
    assert result.code == 0, result.out + result.err
    assert "a second run changes nothing" in result.out
    assert "= public.users  2 rows, the same" in result.out
    configure(synced, 'function = "public.reseed"\n', "")
    synced.write(
        "seeds/20_rows.sql",
        "insert into public.users (email, role) select gen_random_uuid()::text, 'crew'",
    )
    different = synced("seed", "check", "testing", "--json")
    assert different.code == 1, different.out
    [table] = different.json["branches"][0]["tables"]
    assert (table["name"], table["same"], table["missing"]) == ("public.users", False, 1)
    again = synced.sql("testing", "select string_agg(u::text, ' ' order by id) from public.users u")
    assert again == rows
    synced.write("seeds/20_rows.sql", "insert into nowhere values (1)")
    assert synced("seed", "check", "testing").code == 7


def test_captured_rows_are_a_seed_that_makes_them_again(synced):
    quoted = """insert into public.users (email, role) values (E'o''b\\\\"\\n@x', 'crew')"""
    synced.sql("testing", quoted)
    rows = "select string_agg(u::text, ' ' order by id) from public.users u"
    before = synced.sql("testing", rows)
    result = synced("seed", "capture", "testing", "public.users", "--output", "captured.sql")
    assert result.code == 0, result.err
    assert "captured.sql: 3 of public.users" in result.err
    text = (synced.folder / "captured.sql").read_text()
    synced.sql("testing", f"truncate public.users; {text}; {text}")
    assert synced.sql("testing", rows) == before
    assert synced("seed", "capture", "testing", "public.users").out == text


def test_captured_rows_find_the_accounts_of_another_branch(synced):
    crew = synced.sql(
        "testing", "select id::text from auth.users where email = 'crew@example.test'"
    )
    synced.sql(
        "testing",
        "create table public.holds (id int primary key, account uuid references auth.users);"
        "create table public.owns (account uuid primary key references auth.users);"
        "insert into auth.users (id, email) values"
        " ('0a000000-0000-4000-8000-000000000000', 'guest@example.test');"
        "insert into public.holds select row_number() over (order by email), id from auth.users"
        " where email ~ '^(crew|guest)@'; insert into public.holds values (3, null);"
        "insert into public.owns select account from public.holds where id = 1",
    )
    try:
        result = synced(
            "seed", "capture", "testing", "public.holds", "public.owns", ADMIN_PASSWORD=""
        )
        assert result.code == 0, result.err
        holds, owns = result.out.split('insert into "public"."owns"')
        assert crew not in holds and "0a000000" not in holds and crew in owns
        assert "public.holds: account is null in 1 of 3 rows, whose accounts" in result.err
        assert "Warning: public.owns.account refers to accounts and cannot be null" in result.err
        links = "select string_agg(coalesce(account::text, '-'), ' ' order by id) from public.holds"
        synced.sql("testing", holds)
        assert synced.sql("testing", links) == f"{crew} 0a000000-0000-4000-8000-000000000000 -"
        synced.sql("testing", f"truncate public.holds; {holds}")
        assert synced.sql("testing", links) == f"{crew} - -"
    finally:
        synced.sql(
            "testing",
            "drop table public.holds, public.owns;"
            "delete from auth.users where email = 'guest@example.test'",
        )


def test_what_is_not_captured(synced):
    for name, table, code, words in (
        ("main", "public.users", 4, "main is production"),
        ("testing", "auth.users", 4, "which is not yours"),
        ("testing", "users", 2, "is not the name of a table with its schema"),
        ("testing", "public.gone", 2, "testing has no table public.gone"),
        ("testing", "public.admins", 2, "testing has no table public.admins"),
    ):
        result = synced("seed", "capture", name, table)
        assert (result.code, words in result.err) == (code, True), result.err
    refused = synced("seed", "capture", "testing", "public.users", "--limit", "1")
    assert refused.code == 4
    assert "has more rows than 1" in refused.err
    existing = synced("seed", "capture", "testing", "public.users", "--output", "config.toml")
    assert existing.code == 2
    assert "exists already" in existing.err
