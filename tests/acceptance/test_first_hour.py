"""From an empty folder to a first look: init, doctor, config, and words for what was meant."""

from __future__ import annotations

import re

import pytest

from tests.acceptance.conftest import PASSWORD, Team
from tests.acceptance.test_life import typed

COLOUR = re.compile(r"\x1b\[(?:[0-9]+;)*[34][0-9]")
"""ECMA-48's foreground and background."""


@pytest.fixture
def empty(team: Team) -> Team:
    """In a folder without anything."""
    for file in sorted(team.folder.rglob("*"), reverse=True):
        file.rmdir() if file.is_dir() else file.unlink()
    return team


def test_three_answers_are_enough(empty: Team) -> None:
    del empty.env["SUPABASE_PROJECT_REF"]
    result = typed(empty, "testing, new\nn", "init")
    assert result.code == 0, result.err
    assert result.err.count("?") == 2  # there is one project only
    text = (empty.folder / "config.toml").read_text()
    assert f'ref = "{empty.box.main.ref}"' in text
    assert "[branches.testing]\n\n[branches.new]\ncreate = true" in text
    assert not (empty.folder / ".github").exists()
    assert empty("config", "check").code == 0
    assert empty("doctor").code == 0


def test_branches_that_were_not_looked_up_are_told(empty: Team) -> None:
    seen = empty("init", "--yes", "--json")
    assert (sorted(seen.json["branches"]), seen.err) == (["preview", "testing"], "")
    (empty.folder / "config.toml").unlink()
    guessed = empty("init", "--yes", "--json", SUPABASE_ACCESS_TOKEN="")
    assert (guessed.code, guessed.json["branches"]) == (0, ["testing"])
    assert "No access token is given, so no branch was looked up" in guessed.err
    assert "[branches.testing] in config.toml" in guessed.err
    left = empty("init", "--yes", SUPABASE_ACCESS_TOKEN="")
    assert (left.code, left.err) == (0, "")  # nothing was written that could be wrong


def test_without_questions_nothing_is_overwritten(empty: Team) -> None:
    empty.write("config.toml", "# mine\n")
    result = empty("init", "--yes")
    assert result.code == 0, result.err
    assert "there already, left as it is: config.toml" in result.out
    assert (empty.folder / "config.toml").read_text() == "# mine\n"
    assert (empty.folder / ".github/workflows/supasync.yml").exists()


def test_what_init_wrote_is_green_in_ci(empty: Team) -> None:
    """A sync and a validation, in the workflow's order."""
    assert empty("init", "--yes").code == 0
    assert empty("branches", "sync", "testing", "--prune").code == 0
    result = empty("validate", "testing", "--details", "--no-witness")
    assert result.code == 0, result.out + result.err
    assert "testing: seed integrity was left out: the seed has no statement" in result.out


@pytest.mark.parametrize(
    ("args", "env", "words"),
    [
        ([], {}, "no terminal to ask on"),
        (["--yes"], {"SUPABASE_PROJECT_REF": "a" * 20}, "does not see the project"),
        (
            ["--yes"],
            {"SUPABASE_PROJECT_REF": "", "SUPABASE_ACCESS_TOKEN": ""},
            "Which project is production is not known",
        ),
    ],
)
def test_what_cannot_be_asked_or_is_wrong(
    empty: Team, args: list[str], env: dict[str, str], words: str
) -> None:
    result = empty("init", *args, **env)
    assert (result.code, words in result.err) == (2, True), result.err
    assert list(empty.folder.iterdir()) == []


def test_the_doctor_finds_all_well(team: Team) -> None:
    result = team("doctor", "--json")
    assert result.code == 0, result.out
    assert {each["name"] for each in result.json["checks"]} == {
        *("configuration", "seed", "state", "write guard", "reach and clock"),
        *("token and project", "plan", "branches", "production's schema", "keys"),
        *("a branch's SQL", "second witness"),
    }


def test_the_doctor_of_an_empty_folder_leaves_it_empty_and_says_how_to_begin(empty: Team) -> None:
    result = empty("doctor", "--json")
    assert result.code == 1, result.out
    found = {each["name"]: each for each in result.json["checks"]}
    assert "`supasync init`" in found["configuration"]["remedy"]
    assert found["token and project"]["health"] == "Pass"
    assert found["production's schema"]["health"] == "Unknown"  # no query without its record
    assert list(empty.folder.iterdir()) == []


def test_a_token_that_may_not_sync_is_found_out(team: Team) -> None:
    refused = [
        team.box.add_fault(route, status=403)
        for route in ("POST /v1/projects/*/database/query", "GET /v1/branches/*/diff")
    ]
    try:
        result = team("doctor", "--json")
    finally:
        for number in refused:
            team.box.clear_faults(number)
    assert result.code == 1
    remedies = {
        each["name"]: each["remedy"] for each in result.json["checks"] if each["health"] != "Pass"
    }
    assert set(remedies) == {"a branch's SQL", "second witness"}
    assert "Database (read and write)" in remedies["a branch's SQL"]
    assert "Development Branches (read and write)" in remedies["second witness"]


def test_the_doctor_names_each_fault_with_a_remedy(team: Team) -> None:
    without = team("doctor", SUPABASE_ACCESS_TOKEN="")
    assert without.code == 1
    assert "No access token is given" in without.out
    wrong = team("doctor", SUPABASE_ACCESS_TOKEN="sbp_wrong")
    assert wrong.code == 1
    assert "Set SUPABASE_ACCESS_TOKEN to a valid personal access token" in wrong.out
    away = team("doctor", "--json", SUPASYNC_API_URL="http://127.0.0.1:9")
    assert away.code == 3
    assert {each["health"] for each in away.json["checks"]} == {"Pass", "Unknown"}
    team.write("config.toml", (team.folder / "config.toml").read_text() + "\n[branches.testin]\n")
    missing = team("doctor")
    assert missing.code == 1
    assert "Did you mean 'testing'?" in missing.out


def test_the_configuration_is_shown_without_secrets(team: Team) -> None:
    shown = team("config", "show")
    assert shown.code == 0, shown.err
    assert "branches.testing.prune = 0.5" in shown.out
    assert 'test_users[0].password = "**********"' in shown.out
    assert PASSWORD not in shown.out + team("config", "show", "--json").out
    without = team("config", "show", ADMIN_PASSWORD="")
    assert without.code == 0
    assert "ADMIN_PASSWORD is not set" in without.err


def test_the_configuration_is_checked(team: Team) -> None:
    assert team("config", "check", "--json").json["seeded"] == ["preview", "testing"]
    config = (team.folder / "config.toml").read_text()
    team.write("config.toml", config.replace("[branches.testing]", "[branches.testing]\nprun = 1"))
    result = team("config", "check")
    assert result.code == 2
    assert "Did you mean prune?" in result.err
    assert "config.toml:5" in result.err
    team.write("config.toml", config)
    team.write("seeds/30_broken.sql", "insert into")
    assert team("config", "check").code == 7


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["brances"], "Did you mean 'branches'?"),
        (["branches", "sync", "--dry-rum"], "--dry-run"),
        (["branches", "diff", "testin"], "Did you mean 'testing'?"),
    ],
)
def test_what_was_meant_is_told(team: Team, args: list[str], words: str) -> None:
    result = team(*args)
    assert (result.code, words in result.err) == (2, True), result.err


def test_no_colour_is_respected(team: Team) -> None:
    """On what looks like a terminal."""
    terminal = {"FORCE_COLOR": "1", "TERM": "xterm-256color"}
    shown = team("branches", "status", "testing", **terminal)
    assert COLOUR.search(shown.out)
    assert not COLOUR.search(team("branches", "status", "testing", **terminal, NO_COLOR="1").out)
