"""`supasync sandbox fault` and `advance` on a running sandbox."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner, Result

from supasync.cli.sandbox import app
from supasync.errors import SandboxError, UsageError
from supasync.sandbox import Sandbox

ROUTE = "GET /v1/projects"


@pytest.fixture
def home(sandbox: Sandbox) -> Iterator[str]:
    yield str(sandbox.home)
    sandbox.clear_faults()


def run(home: str, *words: str) -> Result:
    return CliRunner().invoke(app, [*words, "--data-dir", home])


def status(sandbox: Sandbox) -> int:
    headers = {"authorization": f"Bearer {sandbox.access_token}"}
    return httpx.get(f"{sandbox.api_url}/v1/projects", headers=headers).status_code


def test_faults_come_and_go(sandbox: Sandbox, home: str) -> None:
    first = run(home, "fault", "add", "--route", ROUTE, "--status", "429", "--times", "2")
    number = first.stdout.split()[0]
    assert first.stdout == f"{number}  {ROUTE}  status=429 times=2  struck 0 of 0 requests\n"
    words = ("--html", "--delay", "5ms", "--probability", "0.5", "--seed", "3", "--json")
    second = json.loads(run(home, "fault", "add", "--route", "/v1/**", *words).stdout)
    assert second.items() >= {"html": True, "delay": 0.005, "seed": 3}.items()
    assert [status(sandbox) for _ in range(2)] == [429, 429]
    listed = json.loads(run(home, "fault", "list", "--json").stdout)
    assert [fault["over"] for fault in listed] == [True, False]
    assert "struck 2 of 2 requests, over" in run(home, "fault", "list").stdout
    assert run(home, "fault", "clear", str(second["id"])).stderr == "1 cleared.\n"
    assert run(home, "fault", "clear").stderr == "1 cleared.\n"
    assert run(home, "fault", "list").stderr == "No faults.\n"
    assert status(sandbox) == 200


def test_time_goes_forward(home: str) -> None:
    earlier = run(home, "advance", "1h").stdout
    assert run(home, "advance", "500ms").stdout > earlier
    for wrong in ("soon", "5x", "-1"):
        done = CliRunner().invoke(app, ["advance", "--data-dir", home, "--", wrong])
        assert done.exit_code == 2
        assert "is not a time" in done.stderr


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("add", "--route", "GET /v1/nowhere", "--status", "500"), "none like"),
        (("add", "--route", ROUTE), "is missing"),
        (("add", "--route", ROUTE, "--status", "500", "--truncate"), "one way"),
        (("add", "--route", ROUTE, "--html", "--probability", "nan"), "cannot be sent"),
        (("clear", "999"), "no fault 999"),
    ],
)
def test_what_makes_no_sense_is_refused(home: str, words: tuple[str, ...], told: str) -> None:
    done = run(home, "fault", *words)
    assert isinstance(done.exception, UsageError)
    assert told in done.exception.message


def test_where_no_sandbox_runs(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "nowhere"):
        done = run(str(folder), "fault", "list")
        assert isinstance(done.exception, SandboxError)
        assert "--data-dir" in (done.exception.remedy or "")
