"""What of GitHub a job meets: the REST API of comments, and a runner for an action's steps."""

from __future__ import annotations

import json
import re
import signal
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

import yaml

ROOT = Path(__file__).parents[2]
ACTION = yaml.safe_load((ROOT / "action.yml").read_text())
TOKEN = "ghs_the_token_of_this_job"
BOT = "github-actions[bot]"
REPOSITORY = "ships/crew"
PULL = 7
_EXPRESSION = re.compile(r"\$\{\{ ([\w.-]+) \}\}")
_COMMENTS = f"/repos/{REPOSITORY}/issues/{PULL}/comments"
_COMMENT = f"/repos/{REPOSITORY}/issues/comments/"
_LIMIT = 65_536


class Hub(ThreadingHTTPServer):
    """Comments of one pull request. read_only: the token may not write. faults: statuses of the
    next answers; 0 cuts the connection after the request was carried out."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.comments: list[dict[str, Any]] = []
        self.asked: list[str] = []
        self.faults: dict[str, list[int]] = {}
        self.read_only = False
        Thread(target=self.serve_forever, args=(0.01,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def add(self, body: str, login: str) -> None:
        number = 1 + max((each["id"] for each in self.comments), default=0)
        self.comments.append({"id": number, "body": body, "user": {"login": login}})

    def of(self, login: str = BOT) -> list[str]:
        return [each["body"] for each in self.comments if each["user"] == {"login": login}]

    def answer(self, method: str, path: str, sent: Any) -> tuple[int, Any]:
        url = urlsplit(path)
        if url.path == "/graphql":
            return 200, {"data": {"viewer": {"login": BOT}}}
        if method == "GET":
            asked = {name: int(values[0]) for name, values in parse_qs(url.query).items()}
            first = (asked["page"] - 1) * asked["per_page"]
            return 200, self.comments[first : first + asked["per_page"]]
        if self.read_only:
            return 403, {"message": "Resource not accessible by integration"}
        return self._write(method, url.path, sent)

    def _write(self, method: str, path: str, sent: Any) -> tuple[int, Any]:
        if method != "DELETE" and len(sent["body"]) > _LIMIT:
            return 422, {"message": "Validation Failed"}
        if (method, path) == ("POST", _COMMENTS):
            self.add(sent["body"], BOT)
            return 201, self.comments[-1]
        [found] = [each for each in self.comments if path == f"{_COMMENT}{each['id']}"]
        if method == "DELETE":
            self.comments.remove(found)
            return 204, None
        found["body"] = sent["body"]
        return 200, found


class _Handler(BaseHTTPRequestHandler):
    server: Hub

    def _do(self) -> None:
        sent = self.rfile.read(int(self.headers.get("content-length") or 0))
        name = f"{self.command} {urlsplit(self.path).path}"
        self.server.asked.append(name)
        faults = self.server.faults.get(name, [])
        fault = faults.pop(0) if faults else None
        if fault:
            status, document = fault, None
        elif self.headers["authorization"] != f"Bearer {TOKEN}":
            status, document = 401, {"message": "Bad credentials"}
        else:
            status, document = self.server.answer(
                self.command, self.path, sent and json.loads(sent)
            )
        if fault == 0:
            return
        body = b"" if document is None else json.dumps(document).encode()
        self.send_response(status)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = do_PATCH = do_DELETE = _do  # noqa: N815 -- its base's names

    def log_message(self, *_: object) -> None: ...


SHELL = ("env", "--default-signal=INT", "bash", "--noprofile", "--norc", "-eo", "pipefail", "-c")
"""As the runner's, which does not ignore SIGINT, as what a shell begins in the background does."""


@dataclass
class Job:
    """A job of GitHub Actions on a pull request: its variables and files."""

    folder: Path
    hub: Hub
    steps: Iterator[int] = field(default_factory=lambda: iter(range(1000)))

    def __post_init__(self) -> None:
        self.folder.mkdir()
        event = {"pull_request": {"number": PULL, "head": {"sha": "0123456789abcdef"}}}
        (self.folder / "event.json").write_text(json.dumps(event))

    def installed(self, prefix: str) -> None:
        """As the action's first step leaves it, with the environment that there is."""
        summed = subprocess.run(
            ["cksum"], input=str(ROOT), capture_output=True, text=True, check=True
        )
        venv = self.folder / f"supasync-{summed.stdout.split()[0]}"
        venv.symlink_to(prefix)
        Path(f"{venv}.ready").touch()

    @property
    def env(self) -> dict[str, str]:
        """With files of its own for each step, as there."""
        step = self.folder / f"step-{next(self.steps)}"
        step.mkdir()
        for name in ("output", "summary"):
            (step / name).touch()
        return {
            "GITHUB_ACTIONS": "true",
            "GITHUB_API_URL": self.hub.url,
            "GITHUB_GRAPHQL_URL": f"{self.hub.url}/graphql",
            "GITHUB_SERVER_URL": "https://github.com",
            "GITHUB_REPOSITORY": REPOSITORY,
            "GITHUB_RUN_ID": "4711",
            "GITHUB_EVENT_PATH": str(self.folder / "event.json"),
            "GITHUB_TOKEN": TOKEN,
            "GITHUB_OUTPUT": str(step / "output"),
            "GITHUB_STEP_SUMMARY": str(step / "summary"),
            "RUNNER_TEMP": str(self.folder),
        }


@dataclass(frozen=True)
class Done:
    """How an action ended."""

    code: int
    log: str
    outputs: Mapping[str, str]
    summary: str


def outputs_of(file: str | Path) -> dict[str, str]:
    lines = Path(file).read_text().splitlines()
    return dict(line.split("=", 1) for line in lines)


def run_action(
    job: Job,
    folder: Path,
    env: Mapping[str, str],
    cancelled: AbstractContextManager[object] | None = None,
    **inputs: str,
) -> Done:
    """Runs action.yml's steps as the runner does. inputs: `-` in their names as `_`. cancelled: the
    step `run` is interrupted when it is entered; it is left when supasync has heard of that."""
    given = {name.replace("_", "-"): value for name, value in inputs.items()}
    assert given.keys() <= ACTION["inputs"].keys()
    known = {"github.action_path": str(ROOT), "github.token": TOKEN}
    for name, declared in ACTION["inputs"].items():
        known[f"inputs.{name}"] = given.get(name, filled(declared["default"], known))
    code, log, summary = 0, "", ""
    for step in ACTION["runs"]["steps"]:
        own = job.env | {name: filled(value, known) for name, value in step["env"].items()}
        if "GITHUB_TOKEN" not in step["env"]:
            del own["GITHUB_TOKEN"]
        process = subprocess.Popen(
            [*SHELL, step["run"]],
            cwd=folder / filled(step.get("working-directory", "."), known),
            env={**env, **own},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        with process:
            if cancelled and step["id"] == "run":
                with cancelled:
                    process.send_signal(signal.SIGINT)  # to the shell alone
                    log += _until(process, "Stopping: ")
            log += process.communicate(timeout=300)[0]
        code = process.returncode
        summary += Path(own["GITHUB_STEP_SUMMARY"]).read_text()
        found = outputs_of(own["GITHUB_OUTPUT"])
        known |= {f"steps.{step['id']}.outputs.{name}": value for name, value in found.items()}
        if code:
            break
    outputs = {name: filled(it["value"], known) for name, it in ACTION["outputs"].items()}
    return Done(code, log, outputs, summary)


def _until(process: subprocess.Popen[str], word: str) -> str:
    """What it tells, to the line with this word."""
    told = ""
    for line in process.stdout or ():
        told += line
        if word in line:
            break
    return told


def filled(text: str, known: Mapping[str, str]) -> str:
    """The text with its expressions' values; "" for what is not known, as there."""
    return _EXPRESSION.sub(lambda found: known.get(found[1], ""), text)
