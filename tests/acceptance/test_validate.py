"""`supasync validate` and the script that goes by its old name."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.conftest import CONFIG, Team

SCRIPT = Path(__file__).parents[2] / "scripts/validate_schema_sync.py"
GOOD = """\
🔍 Validating Database Schema Sync...
✅ Essential tables validation passed for production
✅ Essential tables validation passed for testing
✅ Essential tables validation passed for preview
🎉 Schema Validation Complete!
"""
TWICE = """
insert into auth.users (instance_id, id, aud, role, email, confirmation_token, recovery_token,
  email_change_token_new, email_change, raw_app_meta_data, raw_user_meta_data, created_at,
  updated_at)
values ('00000000-0000-0000-0000-000000000000', gen_random_uuid(), 'authenticated',
  'authenticated', 'CREW@example.test', '', '', '', '', '{}', '{}', now(), now());
"""


def results(document: dict[str, Any], environment: str) -> dict[str, str]:
    return {
        each["check"]: each["result"]
        for each in document["checks"]
        if each["environment"] == environment
    }


def told(document: dict[str, Any], check: str) -> str:
    return "\n".join(
        finding["message"]
        for each in document["checks"]
        if each["check"] == check
        for finding in each["findings"]
    )


def asked(team: Team) -> list[str]:
    """Which queries production was asked, by the audit log."""
    return [
        each["query"] for each in team("audit", "show", "--last", "999", "--json").json["entries"]
    ]


def test_all_is_well(team: Team):
    assert team("branches", "sync", "--prune").code == 0
    before = len(asked(team))
    done = subprocess.run(
        [sys.executable, SCRIPT], cwd=team.folder, env=team.env, capture_output=True, check=False
    )
    assert (done.returncode, done.stdout.decode()) == (0, GOOD), done.stderr.decode()
    assert sorted(asked(team)[before:]) == ["access", "look"], "production is read once"


def test_what_is_wrong_is_found_and_nothing_is_changed(synced: Team):
    synced.sql("testing", "alter table public.users disable row level security")
    synced.sql("testing", "delete from public.users where role = 'crew'")
    synced.sql("testing", "grant update on public.admins to anon")
    synced.sql("testing", TWICE)
    counts = "select count(*) || ' ' || sum(id) from public.users"
    before = synced.sql("testing", counts)
    try:
        result = synced("validate", "testing", "--json")
        assert result.code == 1, result.err
        assert results(result.json, "testing") == {
            "essential tables": "Pass",
            "schema consistency": "Fail",
            "access matrix": "Fail",
            "seed integrity": "Fail",
            "test users": "Fail",
            "services": "Pass",
            "sync freshness": "Pass",
        }
        access = told(result.json, "access matrix")
        assert "table public.users: row level security is off here" in access
        assert "TABLE public.users: a sync would alter it" in told(
            result.json, "schema consistency"
        )
        assert "1 of the seed's 2 rows are missing" in told(result.json, "seed integrity")
        users = told(result.json, "test users")
        assert "2 accounts have this e-mail address" in users and "CREW@example.test" in users
        assert synced.sql("testing", counts) == before
    finally:
        synced.sql("testing", "delete from auth.users where email = 'CREW@example.test'")


def test_seed_and_configuration_are_not_blamed_for_a_schema_that_is_not_there(synced: Team):
    synced.sql("testing", "alter table public.users rename to people")
    try:
        result = synced("validate", "testing", "--no-witness", "--json")
    finally:
        synced.sql("testing", "alter table public.people rename to users")
    assert result.code == 1, result.err
    [seed] = [each for each in result.json["checks"] if each["check"] == "seed integrity"]
    [found] = seed["findings"]
    assert 'relation "public.users" does not exist' in found["message"]
    assert found["remedy"].startswith("Run `supasync branches sync testing` first")
    [users] = [each for each in result.json["checks"] if each["check"] == "test users"]
    [found] = users["findings"]
    assert '[profiles] public.users could not be read: relation "public.users"' in found["message"]
    assert found["remedy"] == (
        "Run `supasync branches sync testing` first: the branch's schema is not production's."
    )


def test_essential_tables_that_production_lacks_are_not_blamed_on_the_branch(team: Team):
    wanted = '[{table = "public.users", columns = ["email", "callsign"]}, "public.logbook"]'
    team.write("config.toml", CONFIG.replace('["public.users"]', wanted))
    team.sql("testing", "create table public.logbook (id int)")
    try:
        result = team("validate", "testing", "--no-witness")
    finally:
        team.sql("testing", "drop table public.logbook")
    assert result.code == 1
    lines = result.out.splitlines()
    production = "❌ Essential tables validation failed for production: "
    assert f"{production}column public.users.callsign is missing in production itself" in lines
    assert f"{production}table public.logbook is missing in production itself" in lines
    assert (
        "❓ Essential tables could not be validated for testing: column public.users.callsign "
        "cannot be expected here: production itself lacks it" in lines
    )
    assert not [line for line in lines if "Essential" in line and "testing: table" in line]
    assert lines[-1].startswith("❌ Schema Validation Failed: ")


def test_unknown_is_not_green_also_where_emoji_cannot_be_shown(synced: Team):
    """The services are out of reach, which is found out by nobody but who asks them."""
    result = synced(
        *("validate", "testing", "--no-witness"),
        SUPASYNC_PROJECT_URL="http://127.0.0.1:1/{ref}",
        PYTHONIOENCODING="ascii",
    )
    assert result.code == 3, result.out + result.err
    assert result.out.splitlines()[:3] == [
        "[..] Validating Database Schema Sync...",
        "[OK] Essential tables validation passed for production",
        "[OK] Essential tables validation passed for testing",
    ]
    assert "[??] Test users could not be validated for testing: " in result.out
    assert result.out.splitlines()[-1].startswith("[??] Schema Validation Incomplete: 2 checks ")
    assert "the Auth service did not answer" in result.out
    assert "rest does not answer, and the platform calls it healthy" in result.out


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (["main"], 4, "production is never a target"),
        (["--json", "--format", "sarif"], 2, "cannot go together"),
        (["--format", "pdf"], 2, "pdf"),
    ],
)
def test_wrong_usage(team: Team, words: list[str], code: int, told: str):
    result = team("validate", *words)
    assert (result.code, told in result.err) == (code, True), result.err


def test_a_configured_branch_that_is_not_there_is_a_finding(team: Team):
    (team.folder / "config.toml").write_text(f'{CONFIG}\n[branches."nöwhere"]\n', encoding="utf-8")
    result = team("validate", "nöwhere", "--format", "junit", PYTHONIOENCODING="ascii")
    assert result.code == 1, result.err
    assert "The project has no branch 'nöwhere'" in result.out
