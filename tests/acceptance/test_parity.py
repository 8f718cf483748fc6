"""What is not schema: told where it differs, and copied where it is listed."""

from __future__ import annotations

from typing import Any

import pytest

from supasync.sandbox.projectconfig import EdgeFunction, ProjectConfig, Secret
from tests.acceptance.conftest import CONFIG, Team

NO_JOB = "select cron.unschedule(jobid) from cron.job where jobname = 'nightly'"
NO_BUCKET = (
    "set storage.allow_delete_query = 'true'; delete from storage.buckets where id = 'badges'"
)
SECRET = "a value that nobody may ever see"


@pytest.fixture
def differing(team: Team) -> Any:
    """A team whose production has settings, a secret, a job and a function of its own."""
    config = ProjectConfig()
    config.auth_changes = {"site_url": "https://ship.example", "smtp_pass": SECRET}
    config.postgrest_changes = {"db_schema": "public,api"}
    config.secrets = {"STRIPE_KEY": Secret(SECRET, "2026-01-01T00:00:00Z")}
    config.functions = {"hello": EdgeFunction("id", "hello", "hello", "ab" * 32, 1, 1)}
    team.box.main.record.config = config
    team.main_sql(f"select cron.schedule('nightly', '0 3 * * *', $$select '{SECRET}'$$)")
    team.main_sql("insert into storage.buckets (id, name) values ('badges', 'badges')")
    yield team
    for gone in (NO_JOB, NO_BUCKET):
        team.main_sql(gone)
        team.sql("preview", gone)
    for project in (team.box.main, team.box.branches["preview"]):
        project.record.config = ProjectConfig()


def different(team: Team) -> dict[tuple[str, str], tuple[str, str]]:
    """Main's and the branch's part of each row, by aspect and name."""
    result = team("branches", "parity", "preview", "--json")
    assert result.code == 1, result.out + result.err
    assert SECRET not in result.out + result.err
    [branch] = result.json["branches"]
    assert branch["counts"]["cannot-see"] == 0
    return {
        (row["aspect"], row["name"]): (row["main"], row["branch"])
        for row in branch["rows"]
        if row["state"] != "same"
    }


def test_what_differs_is_told_and_what_is_listed_is_copied(differing: Team) -> None:
    team = differing
    team("branches", "sync", "preview", "--prune")
    limits = "file_size_limit = 10, allowed_mime_types = array['image/png']"
    team.sql("preview", f"update storage.buckets set {limits} where id = 'badges'")
    found = different(team)
    assert found == {
        ("cron jobs", "nightly (postgres)"): ("0 3 * * *, active", "0 3 * * *, inactive"),
        ("buckets", "badges"): ("private", "private, at most 10 bytes, image/png"),
        ("auth", "site_url"): ('"https://ship.example"', '"http://localhost:3000"'),
        ("auth", "smtp_pass"): ("set", "not set"),
        ("data API", "db_schema"): ('"public, api"', '"public, graphql_public"'),
        ("edge functions", "hello"): (found["edge functions", "hello"][0], "absent"),
        ("secrets", "STRIPE_KEY"): ("set", "absent"),
    }
    sync = ("branches", "sync", "preview")
    copied = team.box.branches["preview"].config.auth_changes
    team.write("config.toml", CONFIG + '[sync]\nsettings = ["auth.site_url"]\n')
    [change] = team(*sync, "--dry-run", "--json").branch("preview")["settings"]
    assert (change["name"], change["copied"], copied) == ("auth.site_url", False, {})
    done = team(*sync)
    assert done.code == 0, done.out + done.err
    assert 'auth.site_url: "http://localhost:3000" → "https://ship.example", copied' in done.out
    assert copied == {"site_url": "https://ship.example"}

    listed = CONFIG + '[sync]\nsettings = ["auth.site_url", "postgrest.db_schema"]\n'
    team.write("config.toml", listed)
    refused = team(*sync, "--json")
    branch = refused.branch("preview")
    assert (refused.code, branch["error"]) == (4, "SettingRefused")
    assert [each["name"] for each in branch["settings"]] == ["postgrest.db_schema"]
    assert "less secure (more entries in the list)" in branch["reason"]
    assert not team.box.branches["preview"].config.postgrest_changes


@pytest.mark.parametrize("args", [("main",), ("preview", "--all"), ("unheard-of",)])
def test_wrong_usage(team: Team, args: tuple[str, ...]) -> None:
    result = team("branches", "parity", *args)
    assert (result.code, result.out) == (4 if "main" in args else 2, "")
    assert "Traceback" not in result.err
