"""Bad input gets one clear error: what, where, what to do; never a traceback."""

from __future__ import annotations

import pytest

from supasync.sandbox import Sandbox
from tests.acceptance.conftest import Result, Team


def told(result: Result) -> str:
    """All that was told, which is never a traceback."""
    text = result.out + result.err
    assert "Traceback" not in text
    return text


def test_no_configuration(team: Team):
    (team.folder / "config.toml").unlink()
    result = team("branches", "sync")
    assert result.code == 2
    assert "no config.toml" in told(result)
    assert team("branches", "sync", "--json").json["error"]["code"] == 2


def test_no_token(team: Team):
    result = team("branches", "status", SUPABASE_ACCESS_TOKEN="")
    assert result.code == 2
    assert "SUPABASE_ACCESS_TOKEN" in told(result)


def test_a_test_user_s_password_is_needed_only_where_it_is_used(team: Team):
    assert team("branches", "list", ADMIN_PASSWORD="").code == 0
    for command in (("branches", "sync"), ("users", "verify")):
        result = team(*command, ADMIN_PASSWORD="")
        assert result.code == 2
        assert "ADMIN_PASSWORD is not set" in told(result)


def test_a_wrong_token(team: Team):
    result = team("branches", "sync", SUPABASE_ACCESS_TOKEN="sbp_" + "0" * 40)
    assert result.code == 3
    assert result.err.count("401") == result.out.count("401") == 1  # not once per branch
    assert "SUPABASE_ACCESS_TOKEN" in told(result)


def test_an_unknown_branch_names_those_there_are(team: Team):
    result = team("branches", "sync", "staging")
    assert result.code == 2
    assert "preview, testing" in told(result)


@pytest.mark.parametrize(
    "command", [("validate",), ("report", "--html", "r.html"), ("ci", "validate")]
)
def test_a_mistyped_branch_is_wrong_usage_also_where_branches_are_looked_at(team: Team, command):
    result = team(*command, "testing", "testin")
    assert result.code == 2
    assert "no branch 'testin'. Did you mean 'testing'?" in told(result)
    assert not (team.folder / "r.html").exists()


@pytest.mark.parametrize("name", ["main", "the ref"])
@pytest.mark.parametrize("command", [("branches", "sync"), ("seed", "run"), ("users", "verify")])
def test_production_as_a_target_is_refused_without_a_call(team: Team, box: Sandbox, name, command):
    target = box.main.ref if name == "the ref" else name
    result = team(*command, target, SUPASYNC_API_URL="http://127.0.0.1:9")
    assert result.code == 4
    assert "production is never a target" in told(result)


def test_a_branch_named_twice(synced: Team, box: Sandbox):
    result = synced("seed", "run", "testing", box.branches["testing"].ref)
    assert result.code == 2
    assert "Name each branch once" in told(result)


def test_nothing_answers(team: Team):
    result = team("branches", "status", SUPASYNC_API_URL="http://127.0.0.1:9")
    assert result.code == 3
    assert "Unknown" in told(result)


def test_a_paused_branch_says_so_and_the_other_is_synced(own_team: Team):
    own_team("branches", "sync", "testing")
    ref = own_team.box.branches["preview"].ref
    own_team.post(f"/v1/projects/{ref}/pause")
    result = own_team("branches", "sync", "--json")
    assert result.code == 3
    assert result.branch("testing")["verdict"] == "Synced"
    preview = result.branch("preview")
    assert preview["verdict"] == "Unknown"
    assert preview["error"] == "NotReady"
    assert "paused" in preview["reason"]
    assert "branches resume" in preview["remedy"]


def test_an_sql_error_in_a_seed_names_file_and_line_and_rolls_back(synced: Team):
    before = synced.sql("testing", "select count(*) from public.users")
    synced.write(
        "seeds/30_wrong.sql",
        "delete from public.users;\n\ninsert into public.users (email, role)\n"
        "values ('x', 'captain');\n",
    )
    result = synced("seed", "run", "testing")
    assert result.code == 7
    assert "30_wrong.sql:4" in told(result)
    assert 'invalid input value for enum public.rank: "captain"' in told(result) or (
        'invalid input value for enum rank: "captain"' in told(result)
    )
    assert synced.sql("testing", "select count(*) from public.users") == before


def test_a_bad_seed_is_told_before_anything_is_sent(team: Team):
    team.write("seeds/30_wrong.sql", "select 1;\ntruncate table if exists users;\n")
    result = team("branches", "sync", SUPASYNC_API_URL="http://127.0.0.1:9")
    assert result.code == 7
    assert "30_wrong.sql:2:19: syntax error" in told(result)


def test_an_essential_table_that_production_lacks(synced: Team):
    text = (synced.folder / "config.toml").read_text()
    synced.write("config.toml", text.replace('["public.users"]', '["public.vessels"]'))
    result = synced("branches", "sync", "testing")
    assert result.code == 4
    assert "public.vessels" in told(result)


def test_a_missing_user_is_not_made_by_verifying(synced: Team):
    synced.sql("testing", "delete from auth.users where email = 'crew@example.test'")
    result = synced("users", "verify", "testing")
    assert result.code == 8
    assert "crew@example.test: there is no such user" in told(result)
    assert synced.sql("testing", "select count(*) from auth.users") == 1
    repaired = synced("branches", "sync", "testing", "--json")
    assert repaired.code == 0
    actions = [user["action"] for user in repaired.branch("testing")["users"]]
    assert actions == ["found", "created"]


def test_a_user_who_cannot_log_in_is_repaired(synced: Team):
    synced.sql(
        "testing",
        "update auth.users set encrypted_password = '', banned_until = now() + interval '1 day'",
    )
    result = synced("users", "verify", "testing")
    assert result.code == 8
    assert "banned until" in told(result)
    repaired = synced("branches", "sync", "testing", "--json")
    assert repaired.code == 0, repaired.err
    actions = [user["action"] for user in repaired.branch("testing")["users"]]
    assert actions == ["repaired", "repaired"]
    assert synced("users", "verify", "testing").code == 0


def test_a_wrong_role_or_flag_in_the_application_is_told(synced: Team):
    synced.sql("testing", "update public.users set is_active = false where role = 'crew'")
    result = synced("users", "verify", "testing")
    assert result.code == 8
    assert "public.users.is_active is 'false'" in told(result)


def test_a_sandbox_s_branch_cannot_be_called_main(team: Team):
    result = team("sandbox", "up", "--branch", "testing", "--branch", "main")
    assert result.code == 2
    assert "main is production" in told(result)


def test_an_address_in_the_place_of_a_name_is_not_repeated(team: Team):
    for command in (("branches", "sync"), ("seed", "run"), ("schema", "diff", "main")):
        result = team(*command, "postgresqll://postgres:SuperSecret1@127.0.0.1:1/postgres")
        assert result.code == 2
        assert "SuperSecret1" not in told(result)
        assert "address of a database" in told(result)
