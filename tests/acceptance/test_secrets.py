"""No secret in anything that a passing or a failing run writes, whatever fails."""

from __future__ import annotations

import json
import re
import stat
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from supasync.sandbox import Sandbox
from tests.acceptance.conftest import CONFIG, PASSWORD, Result, Team

WRONG_TOKEN = "sbp_" + "deadbeef" * 5
URL_PASSWORD = "pa55-in-the-url"
SESSION = re.compile(r"eyJ[\w-]{8,}\.[\w-]+\.[\w-]+")


def secrets(box: Sandbox) -> set[str]:
    """All that the platform and the team have to keep. (anon and publishable keys are public.)"""
    found = {box.access_token, PASSWORD, WRONG_TOKEN, URL_PASSWORD}
    for project in (box.main, *box.branches.values()):
        keys = project.keys
        found |= {
            keys.service_role,
            keys.secret,
            keys.jwt_secret,
            *project.record.passwords.values(),
        }
    return found


def check(team: Team, *results: Result) -> None:
    """Looks at what was printed and at every file of the team that is not theirs."""
    texts = {f"output of {number}": each.out + each.err for number, each in enumerate(results)}
    for file in team.folder.rglob("*"):
        if file.is_file() and file.name != "config.toml":
            texts[str(file)] = file.read_bytes().decode("utf-8", "replace")
    assert len(texts) > len(results)
    for place, text in texts.items():
        assert [secret for secret in secrets(team.box) if secret in text] == [], place
        assert not SESSION.search(text), place


def private(folder: Path) -> None:
    files = [file for file in folder.rglob("*") if file.is_file()]
    assert {file.name for file in files} >= {"history.sqlite", "production.log", "head.json"}
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}


def test_runs_that_pass(team: Team) -> None:
    results = [
        team("branches", "sync", "testing", "--witness", "--debug"),
        team("schema", "diff", "main", "testing", "--sql", "--json"),
        team("audit", "show", "1"),
    ]
    assert [each.code for each in results] == [0] * len(results), results
    check(team, *results)
    private(team.folder / ".supasync")


def test_runs_that_fail(team: Team) -> None:
    dsn = f"postgresql://nobody:{URL_PASSWORD}@127.0.0.1:1/x"
    results = [
        team("branches", "sync", "--debug", SUPABASE_ACCESS_TOKEN=WRONG_TOKEN),
        team("branches", "diff", SUPABASE_ACCESS_TOKEN=WRONG_TOKEN + "\t two"),
        team("branches", "diff", SUPASYNC_API_URL=f"https://u:{URL_PASSWORD}@127.0.0.1"),
        team("schema", "diff", "main", dsn, "--debug"),
        team("users", "verify", "testing", ADMIN_PASSWORD=PASSWORD * 3),
    ]
    team.write("seeds/30_fails.sql", "select 1/0;")
    results.append(team("branches", "sync", "testing", "--debug"))
    team.write("config.toml", CONFIG.replace('"env(ADMIN_PASSWORD)"', f'["{URL_PASSWORD}"]'))
    results.append(team("branches", "sync", "testing", "--json"))
    assert 0 not in [each.code for each in results], results
    assert "Traceback" in results[0].err, "a traceback was among it"
    check(team, *results)


class Echo(BaseHTTPRequestHandler):
    """Says back what it was sent, as a careless proxy does."""

    def _answer(self) -> None:
        self.rfile.read(int(self.headers.get("content-length", 0)))
        body = json.dumps({"message": f"bad header {self.headers['authorization']}"}).encode()
        self.send_response(int(self.path.partition("/status/")[2].partition("/")[0]))
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = _answer  # noqa: N815 -- the server's names

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def echo() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Echo)
    with server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/status"
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(
    ("status", "token"), [(401, WRONG_TOKEN), (400, "an-oauth-token-of-another-form")]
)
def test_a_platform_that_says_it_back(team: Team, echo: str, status: int, token: str) -> None:
    url = f"{echo}/{status}"
    result = team("branches", "diff", "--debug", SUPASYNC_API_URL=url, SUPABASE_ACCESS_TOKEN=token)
    assert "bad header Bearer …" in result.out + result.err
    assert token not in result.out + result.err


def test_from_stdin(team: Team) -> None:
    piped = team.box.access_token
    result = team("--token-stdin", "branches", "list", stdin=piped, SUPABASE_ACCESS_TOKEN="")
    assert result.code == 0, result.err
    check(team, result)
    result = team("--token-stdin", "branches", "list", stdin="two words")
    assert (result.code, "two words" in result.err) == (2, False)
    assert "--token-stdin" in result.err
