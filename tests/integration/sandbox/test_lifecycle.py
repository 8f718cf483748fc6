"""A sandbox as a whole: who may ask, what survives a stop, and that nothing stays behind."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import psycopg
import pytest

from supasync.errors import SandboxError
from supasync.sandbox import Sandbox, control, places
from supasync.sandbox.home import Home, holder
from supasync.sandbox.postmaster import PidFile
from supasync.sandbox.registry import sweep_clusters
from tests.fix_sandbox import client


def run(url: str, query: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(url) as connection:
        cursor = connection.execute(query.encode())
        return cursor.fetchall() if cursor.description else []


async def test_the_formats_of_what_it_prints(sandbox: Sandbox) -> None:
    info = sandbox.info()
    assert list(info) == [
        "api_url",
        "project_ref",
        "access_token",
        "project_url",
        "anon_key",
        "service_role_key",
        "publishable_key",
        "secret_key",
        "db_url",
        "steering_url",
        "steering_token",
        "branches",
    ]
    assert re.fullmatch(r"[a-z]{20}", info["project_ref"])
    assert re.fullmatch(r"sbp_[0-9a-f]{40}", info["access_token"])
    assert info["publishable_key"].startswith("sb_publishable_")
    assert info["secret_key"].startswith("sb_secret_")
    assert info["project_url"] == f"{info['api_url']}/project/{info['project_ref']}"
    assert [branch["name"] for branch in info["branches"]] == ["testing", "preview"]
    assert json.loads(json.dumps(info)) == info
    for secret in (info["service_role_key"], info["secret_key"], info["access_token"]):
        assert secret not in repr(sandbox.main)


async def test_only_the_access_token_is_answered(sandbox: Sandbox) -> None:
    async with client(sandbox) as http:
        for header in ("", "Bearer wrong", f"Basic {sandbox.access_token}", "Bearer ü"):
            answer = await http.get("/v1/projects", headers={"authorization": header.encode()})
            assert (answer.status_code, answer.json()) == (401, {"message": "Unauthorized"})
        assert (await http.get("/v1/projects")).json()[0]["ref"] == sandbox.main.ref


async def test_keys_are_masked_until_revealed(sandbox: Sandbox) -> None:
    url = f"/v1/projects/{sandbox.branches['testing'].ref}/api-keys"
    async with client(sandbox) as http:
        masked = (await http.get(url)).json()
        shown = (await http.get(url, params={"reveal": "true"})).json()
    keys = sandbox.branches["testing"].keys
    kinds = [(row["type"], row["name"]) for row in shown]
    assert kinds == [
        ("legacy", "anon"),
        ("legacy", "service_role"),
        ("publishable", "default"),
        ("secret", "default"),
    ]
    assert [row["api_key"] for row in shown] == [
        keys.anon,
        keys.service_role,
        keys.publishable,
        keys.secret,
    ]
    assert re.fullmatch(r"sb_secret_.{5}·+", masked[3]["api_key"])


async def test_rate_limits() -> None:
    async with Sandbox.open(branches=(), example=False, rate_limits=True) as box:
        url = f"/v1/projects/{box.main.ref}/database/query"
        async with client(box) as http:
            for left in range(119, -1, -1):
                answer = await http.post(url, json={"query": "select 1"})
                assert answer.headers["x-ratelimit-remaining"] == str(left)
                assert answer.headers["x-ratelimit-limit"] == "120"
            assert answer.status_code == 201
            answer = await http.post(url, json={"query": "create table never ()"})
            assert answer.status_code == 429
            assert answer.json() == {"message": "ThrottlerException: Too Many Requests"}
            assert answer.headers["retry-after"] == "60"
            assert 0 < int(answer.headers["x-ratelimit-reset"]) <= 60
            assert (await http.get("/v1/projects")).status_code == 200, "another route"
            other = f"/v1/projects/{'x' * 20}/database/query"
            assert (await http.post(other, json={})).status_code == 404, "another ref"
            box.advance(60)
            answer = await http.post(url, json={"query": "select 1"})
            assert (answer.status_code, answer.headers["x-ratelimit-remaining"]) == (201, "119")
        assert run(box.main.db_url, "select to_regclass('never')") == [(None,)]


async def test_a_taken_port_is_an_error_that_names_it() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(SandboxError, match=rf"Port {port} .* is taken") as caught:
            async with Sandbox.open(port=port):
                pass
    assert "--port" in str(caught.value.remedy)


async def test_a_data_directory_keeps_everything(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    async with Sandbox.open(folder, branches=("testing",), example=False) as box:
        first = box.info()
        run(box.main.db_url, "create table kept as select 42 as n")
        async with client(box) as http:
            url = f"/v1/projects/{box.main.ref}/branches"
            await http.post(url, json={"branch_name": "mine"})
            await http.post(f"/v1/projects/{box.branches['testing'].ref}/pause")
        with pytest.raises(SandboxError, match="Another sandbox"):
            async with Sandbox.open(folder):
                pass
    assert oct((folder / "state.json").stat().st_mode)[-3:] == "600"
    assert not PidFile(folder / "clusters" / first["project_ref"] / "data").stop_orphan()

    async with Sandbox.open(folder, branches=("testing",), example=False) as box:
        second = box.info()
        ports = re.compile(r"127\.0\.0\.1:\d+")
        assert second["branches"].pop()["name"] == "mine"
        assert second.pop("steering_token") != first.pop("steering_token"), "of each run"
        assert ports.sub("", json.dumps(second)) == ports.sub("", json.dumps(first))
        assert run(box.main.db_url, "select n from kept") == [(42,)]
        assert list(box.branches) == ["testing", "mine"]
        assert box.branches["testing"].record.project_status == "INACTIVE"

    control.reset(folder)
    async with Sandbox.open(folder, branches=("testing",), example=False) as box:
        assert box.info()["access_token"] == first["access_token"]
        assert box.info()["service_role_key"] == first["service_role_key"]
        assert list(box.branches) == ["testing"]
        assert run(box.main.db_url, "select to_regclass('kept')") == [(None,)]


async def test_nothing_of_a_temporary_one_stays() -> None:
    async with Sandbox.open(branches=(), example=False) as box:
        home, pid = box.home, box.main.cluster.pid
        assert home.parent == places.runs()
    assert not home.exists()
    assert pid is not None
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


COMMAND = "import sys; from supasync.cli.sandbox import app; app()"


def command(*words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", COMMAND, *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
    )


def up(folder: Path, *words: str) -> tuple[subprocess.Popen[str], dict[str, Any]]:
    child = command("up", "--json", "--empty", "--branch", "b", "--data-dir", str(folder), *words)
    assert child.stdout is not None
    line = child.stdout.readline()
    assert line, child.communicate(timeout=30)[1]
    return child, json.loads(line)


def ended(child: subprocess.Popen[str]) -> int:
    out, _ = child.communicate(timeout=30)
    assert out == "", "one object on one line, and nothing else"
    return child.returncode


def free(url: str) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", int(re.findall(r":(\d+)", url)[-1]))) != 0


@pytest.mark.parametrize(("sign", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 0)])
def test_up_ends_with_everything_stopped(tmp_path: Path, sign: int, code: int) -> None:
    child, info = up(tmp_path)
    assert run(info["branches"][0]["db_url"], "select 1") == [(1,)]
    child.send_signal(sign)
    assert ended(child) == code
    for url in (info["api_url"], info["db_url"], info["branches"][0]["db_url"]):
        assert free(url)


def test_down_stops_it(tmp_path: Path) -> None:
    child, info = up(tmp_path)
    assert holder(tmp_path) == child.pid
    down = command("down", "--data-dir", str(tmp_path))
    assert "1 stopped" in down.communicate(timeout=30)[1]
    assert ended(child) == 0
    assert free(info["db_url"])


def test_down_stops_what_a_killed_one_left_and_up_continues(tmp_path: Path) -> None:
    child, info = up(tmp_path)
    run(info["db_url"], "create table kept ()")
    child.kill()
    ended(child)
    assert not free(info["db_url"]), "the server is still there"
    assert control.stop(tmp_path)
    assert free(info["db_url"])

    child, again = up(tmp_path)
    assert run(again["db_url"], "select to_regclass('kept')::text") == [("kept",)]
    child.kill()
    ended(child)
    child, again = up(tmp_path)  # without `down` in between
    assert run(again["db_url"], "select to_regclass('kept')::text") == [("kept",)]
    child.send_signal(signal.SIGTERM)
    assert ended(child) == 0


def test_reset_of_a_folder_without_a_sandbox(tmp_path: Path) -> None:
    with pytest.raises(SandboxError, match="no sandbox"):
        control.reset(tmp_path)


def test_outside_clusters_go_with_their_home(tmp_path: Path) -> None:
    """Where PostgreSQL's user cannot enter the data directory, the clusters are elsewhere."""
    child, _ = up(tmp_path / "d")
    child.send_signal(signal.SIGTERM)
    ended(child)
    clusters = (tmp_path / "d" / "clusters").resolve(strict=True)
    inside = clusters.parent == (tmp_path / "d").resolve()
    assert inside or clusters.parent == places.clusters()
    (tmp_path / "d" / "state.json").unlink()
    Home(tmp_path / "d").close()
    sweep_clusters()
    assert clusters.exists() == inside


def test_outside_clusters_of_a_sandbox_that_is_being_made_stay(tmp_path: Path) -> None:
    outside = places.clusters() / tmp_path.name
    outside.mkdir()
    (outside / "of").write_text(str(tmp_path))
    with Home(tmp_path):  # it has no state.json before main is ready
        sweep_clusters()
        assert outside.exists()
    sweep_clusters()
    assert not outside.exists()
