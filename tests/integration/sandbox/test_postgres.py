"""A server of our own: what it survives, and that nothing of it stays."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from supasync.errors import SandboxError
from supasync.sandbox import binaries, golden, places
from supasync.sandbox.home import Home
from supasync.sandbox.postgres import Cluster
from supasync.sandbox.postmaster import PidFile
from tests.fix_sandbox import MakeDatabase


@pytest.fixture
def own(any_cluster: Cluster) -> Cluster:
    """`any_cluster`, back on its feet after the test."""
    any_cluster.start()
    return any_cluster


def value(dsn: str, query: str) -> object:
    with psycopg.connect(dsn) as connection:
        row = connection.execute(query.encode()).fetchone()
    assert row is not None
    return row[0]


def test_a_template_is_copied(cluster: Cluster, make_database: MakeDatabase) -> None:
    template = make_database()
    with psycopg.connect(template) as connection:
        connection.execute("create table t as select 42 as n")
        name = connection.info.dbname
    copy = make_database(template=name)
    assert value(copy, "select n from t") == 42


def test_a_committed_row_survives_kill_9(own: Cluster, make_any_database: MakeDatabase) -> None:
    dsn = make_any_database()
    with psycopg.connect(dsn) as connection:
        connection.execute("create table t as select 1 as n")
    own.kill9()
    assert not own.running
    own.start()
    assert value(dsn, "select n from t") == 1


def test_a_restart_keeps_the_port(own: Cluster, make_any_database: MakeDatabase) -> None:
    dsn = make_any_database()
    first = own.pid
    own.restart()
    assert own.pid != first
    assert value(dsn, "select 1") == 1


def test_only_loopback_and_only_with_the_password(cluster: Cluster) -> None:
    assert value(cluster.dsn(), "show listen_addresses") == "127.0.0.1"
    wrong = cluster.dsn().replace(cluster.superuser.password, "wrong")
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(wrong)
    assert cluster.superuser.password not in repr(cluster.superuser)


def test_a_server_that_does_not_start_says_why(home: Home) -> None:
    folder = home.path / "broken"
    folder.mkdir(mode=0o755)
    broken = golden.clone(folder, binaries.find())
    with (broken.data / "postgresql.conf").open("a") as conf:
        conf.write("shared_buffers = 'lots'\n")
    with pytest.raises(SandboxError, match="shared_buffers"):
        broken.start()
    assert not broken.running


CRASH = """
import os, sys, time
from supasync.sandbox import binaries, golden
from supasync.sandbox.home import Home
home = Home.new()
folder = home.path / "c"
folder.mkdir(mode=0o755)
cluster = golden.clone(folder, binaries.find())
cluster.start()
print(home.path, cluster.pid, flush=True)
if sys.argv[1] == "hang":
    time.sleep(60)
raise RuntimeError("as programs end")
"""


def started(how: str) -> tuple[subprocess.Popen[str], Path, int]:
    child = subprocess.Popen(
        [sys.executable, "-c", CRASH, how],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert child.stdout is not None
    with child.stdout:
        path, pid = child.stdout.readline().rsplit(" ", 1)
    return child, Path(path), int(pid)


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_no_server_outlives_a_program_that_ends() -> None:
    child, _, pid = started("raise")
    assert child.wait(20) == 1
    assert not alive(pid)


def test_what_a_killed_program_left_is_stopped_and_removed_by_the_next() -> None:
    child, path, pid = started("hang")
    child.send_signal(signal.SIGKILL)
    child.wait(20)
    assert PidFile(path / "c" / "data").ready(pid), "the server is still there"
    with Home.new():
        assert not PidFile(path / "c" / "data").ready(pid)
        assert not path.exists()


def test_a_folder_in_use_is_refused_and_not_swept(home: Home) -> None:
    with pytest.raises(SandboxError, match=f"process {os.getpid()}"):
        Home(home.path)
    with Home.new():
        assert home.path.exists()


def test_a_named_folder_without_postgres_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SandboxError, match="no working initdb") as caught:
        binaries.find(env={"SUPASYNC_PG_BIN": str(tmp_path)})
    assert "SUPASYNC_PG_BIN" in str(caught.value.remedy)


def test_nothing_of_a_temporary_home_stays() -> None:
    with Home.new() as temporary:
        path = temporary.path
        assert path.parent == places.runs()
    assert not path.exists()
