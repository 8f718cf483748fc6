"""`supasync branches sync`, as typed."""

from __future__ import annotations

import itertools

import psycopg

from tests.acceptance.conftest import PASSWORD, Team

_numbers = itertools.count(1)


def drift(team: Team) -> str:
    """A hand-made change on production: a new column of public.users. Returns its name."""
    name = f"drift_{next(_numbers)}"
    team.main_sql(f"alter table public.users add column {name} text")
    return name


def configure(team: Team, old: str, new: str) -> None:
    """Changes a part of the team's config.toml."""
    text = (team.folder / "config.toml").read_text()
    assert old in text
    team.write("config.toml", text.replace(old, new))


def has_column(team: Team, branch: str, name: str) -> bool:
    found = team.sql(
        branch,
        f"select count(*) from pg_attribute where attrelid = 'public.users'::regclass"
        f" and attname = '{name}' and not attisdropped",
    )
    return bool(found)


def test_the_first_sync_brings_schema_seed_and_users(own_team):
    result = own_team("branches", "sync", "--json")
    assert result.code == 0, result.err
    testing = result.branch("testing")
    assert testing["verdict"] == "Synced"
    assert testing["changed"] is True
    assert {"create"} == {step["verb"] for step in testing["plan"]["steps"]}
    assert [user["ok"] for user in testing["users"]] == [True, True]
    assert [user["action"] for user in testing["users"]] == ["created", "created"]
    assert own_team.sql("testing", "select count(*) from public.users") == 2
    assert own_team.sql("testing", "select count(*) from pg_proc where proname = 'reseed'") == 1


def test_without_the_seed_the_users_have_no_rows_and_that_is_told(synced):
    configure(synced, "[branches.testing]", "[branches.testing]\nseed_on_sync = false")
    synced.sql("testing", "truncate public.users")
    result = synced("branches", "sync", "testing")
    assert result.code == 8
    assert "crew@example.test: public.users has no row" in result.out


def test_a_second_sync_finds_nothing_to_change(synced):
    result = synced("branches", "sync")
    assert result.code == 0
    assert "testing  Synced  nothing to change" in result.out
    assert "API calls:" in result.out


def test_the_schema_of_a_sync_without_changes_costs_one_call_for_main_and_one_per_branch(synced):
    configure(synced, "[branches.testing]", "[branches.testing]\nseed_on_sync = false")
    configure(synced, '[profiles]\ntable = "public.users"', "")
    result = synced("branches", "sync", "testing", "--json")
    assert result.code == 0, result.err
    # the look, and whose accounts the Auth service has that the test users log in to
    assert result.branch("testing")["sql_calls"] == 1 + 1
    assert result.json["api_calls"]["sql"] == 3


def test_a_hand_made_change_on_production_is_brought_over(synced):
    name = drift(synced)
    result = synced("branches", "sync", "testing")
    assert result.code == 0, result.err
    assert f"+ column public.users.{name}" in result.out
    assert has_column(synced, "testing", name)
    assert synced("branches", "diff", "testing").code == 0


def test_what_only_the_branch_has_is_dropped_and_the_loss_is_shown(synced):
    synced.sql("testing", "create table public.scratch (x int)")
    refused = synced("branches", "sync", "testing", "--no-data-loss")
    assert refused.code == 4
    assert "would lose data" in refused.out
    assert synced.sql("testing", "select to_regclass('public.scratch')::text") is not None
    result = synced("branches", "sync", "testing")
    assert result.code == 0, result.err
    assert "- table public.scratch" in result.out
    assert "data-loss" in result.out
    assert synced.sql("testing", "select to_regclass('public.scratch')::text") is None


def test_a_dry_run_writes_nothing(synced):
    name = drift(synced)
    synced.sql("testing", "truncate supasync.journal; truncate public.users")
    result = synced("branches", "sync", "testing", "--dry-run", "--json")
    assert result.code == 0
    assert result.branch("testing")["verdict"] == "OutOfSync"
    assert result.json["run"]["dry_run"] is True
    assert not has_column(synced, "testing", name)
    assert synced.sql("testing", "select count(*) from supasync.journal") == 0
    assert synced.sql("testing", "select count(*) from public.users") == 0


def test_diff_tells_by_its_exit_code(synced):
    assert synced("branches", "diff", "testing").code == 0
    name = drift(synced)
    result = synced("branches", "diff", "testing", "--sql")
    assert result.code == 1
    assert f'add column "{name}" text' in result.out
    assert synced("branches", "diff", "--no-such-option").code == 2
    assert synced("branches", "diff", SUPABASE_ACCESS_TOKEN="sbp_wrong").code == 3


def test_a_seed_that_makes_tables_is_not_in_sync(synced):
    synced.write("seeds/30_table.sql", "create table if not exists public.extra (x int)")
    result = synced("branches", "sync", "testing")
    assert result.code == 1
    assert "OutOfSync" in result.out
    assert "the seed changed the schema: " in result.out
    assert "table public.extra" in result.out


def test_the_shape_of_the_document(synced):
    document = synced("branches", "sync", "testing", "--json").json
    assert set(document) == {"run", "api_calls", "main", "branches"}
    assert document["run"]["command"] == "branches sync"
    assert document["run"]["exit_code"] == 0
    [branch] = document["branches"]
    assert [phase["phase"] for phase in branch["phases"]] == [
        "ready",
        "observe",
        "plan",
        "seed",
        "observe",
        "users",
        "record",
    ]
    assert all(phase["seconds"] >= 0 and phase["ok"] for phase in branch["phases"])
    assert [file["statements"] for file in branch["seed"]] == [1, 1]
    assert branch["users"][0]["email"] == "admin@example.test"
    assert [phase["phase"] for phase in document["main"]["phases"]] == ["observe"]


def test_no_secret_is_ever_printed_or_kept(synced):
    results = [
        synced("branches", "sync", "testing"),
        synced("branches", "sync", "testing", "--json", "--debug"),
        synced("users", "verify", "testing", "--json"),
        synced("branches", "list", "--json"),
    ]
    branch = synced.box.branches["testing"]
    secrets = [PASSWORD, synced.box.access_token, branch.keys.service_role, branch.keys.secret]
    kept = [
        file.read_bytes().decode(errors="replace")
        for file in (synced.folder / ".supasync").rglob("*")
        if file.is_file()
    ]
    assert len(kept) > 3
    for text in [*kept, *(result.out + result.err for result in results)]:
        assert not [secret for secret in secrets if secret in text]
        assert "eyJ" not in text  # how every JWT begins


def test_runs_are_recorded_and_the_folder_ignores_itself(synced):
    folder = synced.folder / ".supasync"
    assert (folder / ".gitignore").read_text() == "*\n"
    assert len(synced.runs()) == 1
    synced("branches", "status")
    assert len(synced.runs()) == 1


def test_status_tells_how_the_last_sync_ended_and_what_it_looked_at(synced):
    synced.write("seeds/30_wrong.sql", "select 1 / 0")
    assert synced("branches", "sync", "testing").code == 7
    result = synced("branches", "status", "testing")
    assert result.code == 0
    assert "OutOfSync, failed in seed" in result.out
    assert "30_wrong.sql" in result.out
    last = synced("branches", "status", "testing", "--json").branch("testing")["last_sync"]
    assert last["failed"] == "seed"


def test_whoever_reads_no_further_is_left_in_peace(team):
    process = team.start("branches", "list", "--json")
    assert process.stdout is not None
    process.stdout.close()
    assert process.wait(timeout=60) == 141
    assert process.stderr is not None
    assert process.stderr.read() == ""


def test_a_lock_held_too_long_has_a_remedy(synced):
    drift(synced)
    with psycopg.connect(synced.box.branches["testing"].db_url) as holder:
        holder.execute("select * from public.users")
        result = synced("branches", "sync", "testing")
    assert result.code == 5
    assert "another session holds a lock" in result.out
    assert "pg_blocking_pids" in result.out


def test_an_empty_production_has_to_be_believed(own_team):
    assert own_team("branches", "sync", "testing").code == 0
    configure(own_team, 'essential_tables = ["public.users"]', "")
    configure(own_team, '[profiles]\ntable = "public.users"', "")
    configure(own_team, "[branches.testing]", "[branches.testing]\nseed_on_sync = false")
    own_team.main_sql("drop view public.admins; drop table public.users")
    refused = own_team("branches", "sync", "testing")
    assert refused.code == 4
    assert "--allow-empty" in refused.out
    assert own_team("branches", "sync", "testing", "--allow-empty").code == 0
