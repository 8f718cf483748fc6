"""Past runs, as the commands tell of them."""

from __future__ import annotations

import time

from psycopg import connect

from supasync import config, history
from supasync.history import Begun
from tests.acceptance.conftest import Team


def test_a_run_is_told_in_full_and_its_branch_in_short(synced: Team) -> None:
    synced.main_sql("alter table public.users add column recorded text")
    done = synced("branches", "sync", "testing", "--json")
    run = done.json["run"]["id"]
    told = synced("branches", "history", "testing", "--limit", "1", "--json").json
    [newest] = told["runs"]
    assert (newest["run_id"], newest["trigger"], newest["verdict"]) == (run, "command", "Synced")
    assert newest["api_calls"] == done.json["api_calls"]["total"]
    assert newest["logins"] == {"admin@example.test": True, "crew@example.test": True}
    assert told["statistics"]["success_rate"] == 1
    shown = synced("runs", "show", run[:-2])
    assert "+ column public.users.recorded" in shown.out
    assert "apply" in shown.out
    assert "(process" in shown.out
    whole = synced("runs", "show", run, "--json").json["run"]
    [branch] = whole["branches"]
    assert f"({whole['sql_calls']} SQL, {branch['sql_calls']} to branches)" in shown.out
    assert branch["after"] == branch["main"] != branch["before"]
    text = synced("branches", "history", "testing")
    assert run in text.out
    assert "1 applied" in text.out
    assert run in synced("runs", "list").out
    assert "testing" in synced("runs", "stats").out
    assert synced("runs", "stats", "--json").json["overall"]["syncs"] == 2


def test_what_runs_and_what_was_interrupted_are_told_apart(team: Team) -> None:
    known = history.opened(config.History(), team.folder / ".supasync", print)
    for id_, ago in (("lost", 100.0), ("busy", 1.0)):
        at = time.time() - ago
        known.begin(Begun(id=id_, command="branches sync", branches=("testing",), at=at))
    runs = team("branches", "history", "testing", "--json").json["runs"]
    assert [(each["run_id"], each["state"]) for each in runs] == [
        ("busy", "running"),
        ("lost", "interrupted"),
    ]
    busy, lost, *_ = (line for line in team("runs", "list").out.splitlines() if "testing" in line)
    assert ("running" in busy, "Unknown, interrupted" in lost) == (True, True)
    assert "not yet: it is running" in team("runs", "show", "busy").out
    told = team("runs", "show", "lost").out
    assert "interrupted: its process was killed, or lost; last heard of at 20" in told
    assert team("runs", "show", "lost", "--json").json["run"]["state"] == "interrupted"


def test_what_is_not_there_is_one_error(synced: Team) -> None:
    synced("branches", "sync", "testing")
    for words, *arguments in (
        ("No run 20200101 is recorded", "runs", "show", "20200101"),
        ("begins several runs", "runs", "show", "2"),
        ("Did you mean testing?", "branches", "history", "tesing"),
        ("looks like the address of a database", "branches", "history", "postgresql://u:p@h/x"),
    ):
        found = synced(*arguments)
        assert (found.code, words in found.err) == (2, True), found.err
        assert "Traceback" not in found.err


def test_a_name_that_is_no_branch_is_not_recorded(synced: Team) -> None:
    before = synced("runs", "stats", "--json").json
    wrong = synced("branches", "sync", "testng", "--json")
    assert (wrong.code, wrong.json["branches"][0]["verdict"]) == (2, "Unknown")
    both = synced("branches", "sync", "testing", "testng", "--json")
    assert both.code == 2
    told = synced("branches", "history", "testng")
    assert (told.code, "no run of it is recorded" in told.err) == (2, True), told.err
    after = synced("runs", "stats", "--json").json
    assert [each["branch"] for each in after["branches"]] == ["testing"]
    assert after["overall"]["syncs"] == before["overall"]["syncs"] + 1
    assert after["overall"]["unknown_seconds"] == before["overall"]["unknown_seconds"]
    assert synced("runs", "show", wrong.json["run"]["id"]).code == 2
    shown = synced("runs", "show", both.json["run"]["id"], "--json").json["run"]
    assert [each["branch"] for each in shown["branches"]] == ["testing"]


def test_what_cannot_be_recorded_is_a_warning_and_productions_server_an_error(team: Team) -> None:
    text = (team.folder / "config.toml").read_text()

    def on(url: str) -> None:
        team.write("config.toml", f'{text}\n[history]\ndatabase_url = "{url}"\n')

    on("postgresql://nobody:secret-9@127.0.0.1:1/x")
    done = team("branches", "sync", "testing", "--prune")
    assert done.code == 0, done.err
    assert done.err.count("Warning: the run will not be recorded") == 1
    read = team("runs", "list")
    assert (read.code, "cannot be used" in read.err) == (3, True)
    assert "secret-9" not in done.out + done.err + read.err
    on(team.box.main.db_url)
    refused = team("branches", "sync", "testing")
    assert (refused.code, "production is never a target" in refused.err) == (4, True), refused.err
    with connect(team.box.main.db_url) as main:
        found = main.execute("select to_regnamespace('supasync_history')").fetchone()
    assert found == (None,)
