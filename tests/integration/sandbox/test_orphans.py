"""No server outlives its sandbox: not an orderly end, not kill -9, whatever was under way."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest

from supasync.sandbox import Sandbox, control
from supasync.sandbox.home import Home
from supasync.sandbox.site import Options

UP = "import sys; from supasync.cli.sandbox import app; app()"


class Running:
    """`sandbox up` over a data directory, in a process of its own."""

    def __init__(self, folder: Path) -> None:
        words = ["up", "--json", "--empty", "--branch", "b", "--data-dir", str(folder)]
        env = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
        self.child = subprocess.Popen(
            [sys.executable, "-c", UP, *words],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=env,
        )
        assert self.child.stdout is not None
        line = self.child.stdout.readline()
        assert line, self.child.communicate(timeout=30)[1]
        self.info: dict[str, Any] = json.loads(line)

    def post(self, path: str, **body: object) -> Any:
        url = f"{self.info['api_url']}/v1/{path}"
        token = {"authorization": f"Bearer {self.info['access_token']}"}
        answer = httpx.post(url, json=body, headers=token, timeout=30)
        assert answer.status_code == 201, answer.text
        return answer.json()

    def end(self, sign: int) -> None:
        self.child.send_signal(sign)
        self.child.communicate(timeout=30)


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[[], Running]]:
    started: list[Running] = []

    def up() -> Running:
        started.append(Running(tmp_path))
        return started[-1]

    yield up
    for running in started:
        running.end(signal.SIGKILL)
    control.stop(tmp_path)


def servers(folder: Path) -> list[int]:
    """PostgreSQL servers, and what belongs to them, over data below the folder, on Linux."""
    clusters = f"{(folder / 'clusters').resolve()}/".encode()
    found = []
    for each in Path("/proc").glob("[0-9]*"):
        try:
            words = (each / "cmdline").read_bytes()
        except OSError:
            continue  # it is gone
        if clusters in words and b"postgres" in words:
            found.append(int(each.name))
    return found


def until(found: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not found():
        assert time.monotonic() < deadline
        time.sleep(0.002)


def test_what_was_killed_while_a_branch_was_made_anew(
    tmp_path: Path, start: Callable[[], Running]
) -> None:
    """There is no data for a moment; the next start knows that, and makes it."""
    first = start()
    [branch] = first.info["branches"]
    version = tmp_path / "clusters" / branch["project_ref"] / "data" / "PG_VERSION"
    assert version.exists()
    first.post(f"branches/{branch['project_ref']}/reset")
    until(lambda: not version.exists())
    first.end(signal.SIGKILL)
    assert servers(tmp_path), "main's server has lost its sandbox"

    again = start()
    assert len(servers(tmp_path)) == 2, "one for main, one for the branch, and no older one"
    with psycopg.connect(again.info["branches"][0]["db_url"]) as connection:
        assert connection.execute("select 1").fetchone() == (1,)
    again.end(signal.SIGTERM)
    assert servers(tmp_path) == []


def test_what_was_killed_while_a_branch_was_created_or_after_one_was_deleted(
    tmp_path: Path, start: Callable[[], Running]
) -> None:
    first = start()
    main = first.info["project_ref"]
    left = tmp_path / "clusters" / ("z" * 20)
    (left / "data").mkdir(parents=True)  # as a kill amid a deletion leaves it
    made = first.post(f"projects/{main}/branches", branch_name="new")
    pid_file = tmp_path / "clusters" / made["project_ref"] / "data" / "postmaster.pid"
    until(pid_file.exists)
    first.end(signal.SIGKILL)
    assert len(servers(tmp_path)) >= 3

    again = start()
    assert [branch["name"] for branch in again.info["branches"]] == ["b", "new"]
    assert len(servers(tmp_path)) == 3
    assert not left.exists()
    again.end(signal.SIGINT)
    assert servers(tmp_path) == []


def test_an_end_amid_a_creation_leaves_no_server(tmp_path: Path) -> None:
    box = Sandbox(Options(data_dir=tmp_path, branches=(), example=False))
    url = f"{box.api_url}/v1/projects/{box.main.ref}/branches"
    token = {"authorization": f"Bearer {box.access_token}"}
    made = httpx.post(url, json={"branch_name": "new"}, headers=token, timeout=30).json()
    until((tmp_path / "clusters" / made["project_ref"] / "data").exists)
    box.close()
    assert servers(tmp_path) == []


def test_a_database_that_is_not_all_there_is_an_error(tmp_path: Path) -> None:
    box = Sandbox(Options(data_dir=tmp_path, branches=("b",), example=False))
    version = box.branches["b"].cluster.data / "PG_VERSION"
    box.close()
    version.unlink()
    with pytest.raises(Exception, match="not all of it is there") as caught:
        Sandbox(Options(data_dir=tmp_path, branches=(), example=False))
    assert "sandbox reset" in str(getattr(caught.value, "remedy", ""))
    Home(tmp_path).close()  # given back
    assert servers(tmp_path) == []
