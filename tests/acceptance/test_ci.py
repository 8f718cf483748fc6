"""`supasync ci`, and action.yml's steps as a runner does them, on the sandbox."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
import yaml
from markdown_it import MarkdownIt

from tests.acceptance.conftest import Result, Team
from tests.acceptance.github import ROOT, Done, Hub, Job, outputs_of, run_action
from tests.acceptance.test_interruptions import HELD, SEEDING
from tests.acceptance.test_serve import HELD as LOCK
from tests.acceptance.test_serve import WAITING, until
from tests.acceptance.test_sync import drift
from tests.hostile import quoted

INSTALL = bool(os.environ.get("SUPASYNC_ACTION_INSTALL"))
"""Whether the action installs supasync itself, as on GitHub; else it finds this environment."""

COMMANDS = {"error", "warning", "notice"}
NAMES = (
    "::add-mask::a",
    "##[add-mask]b",
    "x\n::stop-commands::c",
    "`` ``` </details>",
    "<img src=//d>&lt;",
    "@octocat #1 www.example.com",
    "| a | [b](//c) **d**",
    "-->\u202e\\",
)


@pytest.fixture
def hub() -> Iterator[Hub]:
    hub = Hub()
    yield hub
    hub.shutdown()
    hub.server_close()


@pytest.fixture
def job(hub: Hub, tmp_path_factory: pytest.TempPathFactory) -> Job:
    job = Job(tmp_path_factory.mktemp("runner") / "temp", hub)
    if not INSTALL:
        job.installed(sys.prefix)
    return job


def action(team: Team, job: Job, **inputs: str) -> Done:
    return run_action(job, team.folder, team.env, **inputs)


def commands(log: str) -> set[str]:
    """What the runner obeys in a log: actions/runner, src/Runner.Common/ActionCommand.cs."""
    lines = re.split(r"\r\n|\r|\n", log)
    begun = (re.match(r"\s*::([^ :]+)[^:]*::", line) for line in lines)
    older = (re.search(r"##\[([^ \]]+)[^\]]*\]", line) for line in lines)
    return {found[1] for found in (*begun, *older) if found}


def test_a_pull_request_has_one_comment_for_each_command(synced: Team, hub: Hub, job: Job) -> None:
    name = drift(synced)
    planned = action(synced, job, branches="testing\n", args="--hard")
    assert planned.code == 1, planned.log
    assert planned.outputs == {
        "result": "OutOfSync",
        "exit-code": "1",
        "changed": "false",
        "branches-out-of-sync": "1",
        "differences": "1",
        "hazards": "0",
    }
    assert f"+ column public.users.{name}" in planned.summary
    assert f'add column "{name}" text' in planned.summary
    assert "::warning file=config.toml,title=supasync plan%3A testing%3A OutOfSync::" in planned.log
    [comment] = hub.of()
    assert "## ❌ supasync plan: OutOfSync (exit code 1)" in comment
    assert "commit 0123456 · [job](https://github.com/ships/crew/actions/runs/4711)" in comment

    hub.comments[:0] = [{"id": 1000 + n, "body": "+1", "user": None} for n in range(250)]
    hub.add(comment, "mallory")
    done = action(synced, job, command="sync", branches="testing")
    assert (done.code, done.outputs["result"], done.outputs["changed"]) == (0, "Synced", "true")
    assert "Test users that can log in: 2 of 2." in done.summary
    again = action(synced, job, branches="testing", args="--hard")
    assert (again.code, again.outputs["differences"]) == (0, "0")
    assert [body.splitlines()[1] for body in hub.of()] == [
        "## ✅ supasync plan: Synced",
        "## ✅ supasync sync: Synced",
    ]
    assert hub.of("mallory") == [comment]


@pytest.mark.parametrize(
    ("inputs", "code", "words"),
    [
        ({"command": "plan; touch pwned"}, 2, "command must be plan, sync or validate"),
        ({"args": "--debug\n--no-such"}, 2, "No such option"),
        ({"args": "--help"}, 3, "It ended before it could say how; exit code 3."),
        ({"python": "/no/python"}, 2, "Python 3.11 or newer is needed"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else None,
)
def test_inputs_are_words_and_each_end_has_its_code(
    team: Team, job: Job, inputs: dict[str, str], code: int, words: str
) -> None:
    done = action(team, job, **inputs)
    assert (done.code, words in done.log) == (code, True), done.log
    if "command" in inputs:
        assert (done.outputs["result"], done.outputs["exit-code"]) == ("Unknown", "2")
        assert "## ❓ supasync: Unknown (exit code 2)" in done.summary
    if "It ended" in words:
        assert done.outputs["result"] == "Unknown"
        assert "## ❓ supasync plan: Unknown (exit code 3)" in done.summary


def test_the_repository_is_not_imported_and_no_input_is_run(team: Team, job: Job) -> None:
    for name in ("httpx.py", "pip.py", "supasync.py"):
        team.write(name, "raise SystemExit(0)")
    done = action(team, job, branches='$(touch pwned)\n"; touch pwned', args="--hard\n--no-comment")
    assert (done.code, done.outputs["result"]) == (2, "Unknown"), done.log
    assert done.log.count("The project has no branch '$(touch pwned)'") > 0
    assert "::error file=config.toml,title=supasync plan%3A $(touch pwned)%3A Unknown::" in done.log
    assert not list(team.folder.glob("**/pwned"))


def test_a_job_that_is_cancelled_gives_the_lease_back(synced: Team, hub: Hub, job: Job) -> None:
    synced.write("seeds/30_held.sql", WAITING)

    @contextmanager
    def seeding() -> Iterator[None]:
        with psycopg.connect(synced.box.branches["testing"].db_url) as holder:
            holder.execute("select pg_advisory_lock(%s)", (LOCK,))
            until(lambda: synced.sql("testing", SEEDING))
            yield

    done = run_action(job, synced.folder, synced.env, seeding(), command="sync", branches="testing")
    assert (done.code, done.outputs["exit-code"]) == (143, "143"), done.log
    assert "## ❌ supasync sync: Synced (interrupted)" in done.summary or (
        "## ❓ supasync sync: Unknown (interrupted)" in done.summary
    )
    assert synced.sql("testing", HELD) == 0
    assert hub.of() == []


@pytest.fixture
def hostile(synced: Team) -> Iterator[Team]:
    """Production has tables whose names are orders to GitHub, and a body that is too long."""
    body = "\n".join(f"-- {number} ``` </details> ::error::x" for number in range(4_000))
    synced.main_sql(
        "create schema odd;" + "".join(f"create table odd.{quoted(n)} ();" for n in NAMES)
    )
    synced.main_sql(f"create function odd.f() returns int language sql as $$\n{body}\nselect 1$$")
    yield synced
    synced.main_sql("drop schema odd cascade")


def test_names_order_nothing(hostile: Team, hub: Hub, job: Job) -> None:
    env = job.env
    result = hostile("ci", "plan", "testing", **env)
    assert result.code == 1, result.err
    assert commands(result.out) | commands(result.err) <= COMMANDS
    assert "##[" not in result.out + result.err
    summary, [comment] = Path(env["GITHUB_STEP_SUMMARY"]).read_text(), hub.of()
    assert "-- 3999" in summary
    assert "-- 3999" not in comment and "It was too long" not in summary
    assert "more lines\n" in comment and "**This is not all" in comment
    for text in (summary, comment):
        prose, markup = shown(text)
        assert not {"octocat", "example.com", "img", "add-mask", "pwned"} & set(
            re.findall(r"[\w.-]+", prose)
        )
        assert re.sub(r"SQL, \d+ lines", "SQL", markup) in (
            "<details><summary>SQL</summary></details><sub></sub>",
            "<!-- supasync plan --><details><summary>SQL</summary></details><sub></sub>",
        )
    env = job.env
    result = hostile("ci", "plan", "testing", "--json", "--no-comment", **env)
    [branch] = result.json["branches"]
    assert "TABLE odd.##[add-mask]b" in {step["object"] for step in branch["plan"]["steps"]}
    assert "##[" not in result.out
    assert "warning" in commands(result.err) <= COMMANDS
    assert outputs_of(env["GITHUB_OUTPUT"])["differences"] == str(len(branch["plan"]["steps"]))


def test_outside_of_github_it_is_the_command_that_it_runs(team: Team) -> None:
    drift(team)
    plain = team("ci", "plan", "testing", "--summary", "plan.md", GITHUB_ACTIONS="")
    assert without_times(plain) == without_times(team("branches", "diff", "testing"))
    assert "## ❌ supasync plan: OutOfSync" in (team.folder / "plan.md").read_text()


def shown(markdown: str) -> tuple[str, str]:
    """The text that is not code, and the HTML, as a reader of Markdown finds them."""
    prose, html = [], []
    for block in MarkdownIt("gfm-like", {"linkify": False}).parse(markdown):
        for token in (block, *(block.children or ())):
            if token.type in {"html_block", "html_inline"}:
                html.append(re.sub(r"(plan) \w{16}|\n", r"\1", token.content))
            elif token.type == "text":
                prose.append(token.content)
    return "\n".join(prose), "".join(html)


def without_times(result: Result) -> tuple[int, str]:
    return result.code, re.sub(r"[\d.]+ m?s\b", "", result.out)


def test_a_validation(synced: Team, hub: Hub, job: Job) -> None:
    env = job.env
    hub.read_only = True
    synced.sql("testing", "drop view public.admins")
    result = synced("ci", "validate", "testing", "--hard", **env)
    assert result.code == 1, result.err
    assert outputs_of(env["GITHUB_OUTPUT"])["result"] == "Fail"
    assert "::error file=config.toml,title=testing%3A schema" in result.out
    assert "There is no comment on the pull request: the token may not" in result.out
    summary = Path(env["GITHUB_STEP_SUMMARY"]).read_text()
    assert "## ❌ supasync validate: Fail (exit code 1)" in summary
    assert "| check | `production` | `testing` |" in summary
    assert hub.of() == []


def test_hooks_need_neither_secrets_nor_network(team: Team) -> None:
    hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    entries = [hook["entry"].split()[1:] for hook in hooks]
    team.env = {name: value for name, value in team.env.items() if not name.startswith("SUPA")}
    team.env["HTTPS_PROXY"] = "http://127.0.0.1:1"
    for secret in ("ADMIN_PASSWORD",):
        del team.env[secret]
    assert [team(*entry).code for entry in entries] == [0, 0]
    assert team("config", "check").code == 2
    team.write("seeds/30_more.sql", "insert into public.users value (1);")
    assert [team(*entry).code for entry in entries] == [7, 7]
    team.write("seeds/30_more.sql", "")
    team.write("config.toml", (team.folder / "config.toml").read_text() + "[unknown]\n")
    wrong = team(*entries[0])
    assert (wrong.code, "unknown" in wrong.err) == (2, True)


def test_gitlabs_job_writes_both_reports_and_fails(team: Team) -> None:
    job = yaml.safe_load((ROOT / "examples/gitlab-ci.yml").read_text())["validate"]
    [script] = job["script"]
    reports = job["artifacts"]["reports"]
    result = team(*script.split()[1:], "--no-witness")
    assert result.code == 1, result.err
    issues = json.loads((team.folder / reports["codequality"]).read_text())
    assert "critical" in {issue["severity"] for issue in issues}
    assert "<failure" in (team.folder / reports["junit"]).read_text()


@pytest.mark.parametrize("given", ["junit", "text=a", "json=no/a"])
def test_a_file_that_cannot_be_written_is_told_first(team: Team, given: str) -> None:
    result = team("validate", "--write", given, SUPABASE_ACCESS_TOKEN="")
    assert (result.code, "is no format and a file" in result.err) == (2, True), result.err
