"""One PostgreSQL server on loopback, over one data directory."""

from __future__ import annotations

import atexit
import contextlib
import os
import secrets
import signal
import socket
import subprocess
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import quote

import psycopg

from supasync import sql
from supasync.errors import SandboxError
from supasync.sandbox import identity
from supasync.sandbox.binaries import Binaries
from supasync.sandbox.postmaster import PidFile

HOST: Final = "127.0.0.1"
START_SECONDS: Final = 30.0
_NO_START: Final = "Its own words are above; mostly the disk is full or memory short."
# After kill -9 the old server's children hold its shared memory for a moment, and a start says so.
TRANSIENT: Final = ("postmaster.pid", "pre-existing shared memory", "Address already in use")
# Small, quick, and not durable against a power cut; a killed process loses nothing.
SETTINGS: Final = {
    "listen_addresses": f"'{HOST}'",
    "unix_socket_directories": "''",  # a socket's path may have 107 bytes, ours may have more
    "max_connections": "60",  # what Supabase gives its smallest compute size
    "shared_buffers": "16MB",
    "max_wal_size": "64MB",
    "min_wal_size": "5MB",
    "wal_level": "logical",
    "fsync": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "jit": "off",
    "max_worker_processes": "2",
    "max_parallel_workers": "0",
    "timezone": "'UTC'",
    "log_timezone": "'UTC'",
    "password_encryption": "'scram-sha-256'",
}


@dataclass(frozen=True)
class Login:
    """A role and its password; the password stays out of repr."""

    role: str
    password: str

    def __repr__(self) -> str:
        return f"Login({self.role!r})"


class Cluster:
    """A server over `home/data`, its log in `home/server.log`; started by us, stopped with us.

    Blocking; for asyncio call it in a thread. Raises SandboxError when the server does not do
    what it is asked to.
    """

    def __init__(self, home: Path, *, binaries: Binaries, superuser: Login) -> None:
        self.home, self.binaries, self.superuser = home.resolve(), binaries, superuser
        self.data = self.home / "data"
        self.log = self.home / "server.log"
        self.port = 0
        self._child: subprocess.Popen[bytes] | None = None
        self._lock = threading.RLock()

    @classmethod
    def create(cls, home: Path, *, binaries: Binaries, superuser: str = "postgres") -> Cluster:
        """initdb below `home`, an existing folder: UTF8, scram, one superuser."""
        login = Login(superuser, secrets.token_hex(16))
        cluster = cls(home, binaries=binaries, superuser=login)
        cluster.data.mkdir(mode=0o700)
        identity.current().own(cluster.data)
        cluster._initdb()
        with (cluster.data / "postgresql.conf").open("a") as conf:
            conf.writelines(f"{name} = {value}\n" for name, value in SETTINGS.items())
        return cluster

    def _initdb(self) -> None:
        password = self.home / "initdb.password"
        try:
            password.touch(mode=0o600)
            password.write_text(self.superuser.password)
            identity.current().own(password)
            argv = [self.binaries.tool("initdb"), "--pgdata", str(self.data)]
            argv += ["--username", self.superuser.role, "--pwfile", str(password)]
            argv += ["--auth", "scram-sha-256", "--encoding", "UTF8", "--wal-segsize", "1"]
            argv += ["--no-sync", "--no-instructions", *self._locale()]
            with self.log.open("wb") as log:
                child = identity.current().start(argv, cwd=self.home, output=log)
                code = child.wait()
        finally:
            password.unlink(missing_ok=True)
        if code != 0:
            raise SandboxError(f"initdb failed:\n{self._log_tail()}", remedy=_NO_START)

    def _locale(self) -> list[str]:
        """C.UTF-8: the same everywhere and quick; its own provider knows it from 17 on."""
        if self.binaries.major >= 17:
            return ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        return ["--locale=C.UTF-8"]

    @property
    def running(self) -> bool:
        return self._child is not None and self._child.poll() is None

    @property
    def crashed(self) -> bool:
        """Whether it was started and ended by itself."""
        return self._child is not None and not self.running

    @property
    def pid(self) -> int | None:
        return self._child.pid if self._child is not None and self.running else None

    def start(self) -> None:
        """Start and wait until it takes connections; on the port it had before if that is free.

        A server that a dead process left over this data directory is stopped first.
        """
        with self._lock:
            if self.running:
                return
            self._check_version()
            PidFile(self.data).stop_orphan()
            _running.add(self)
            deadline = time.monotonic() + START_SECONDS
            while not self._attempt(deadline):
                if time.monotonic() > deadline or not self._may_pass():
                    raise SandboxError(
                        f"PostgreSQL did not start:\n{self._log_tail()}", remedy=_NO_START
                    )
                time.sleep(0.1)

    def _check_version(self) -> None:
        try:
            made_by = (self.data / "PG_VERSION").read_text().strip()
        except FileNotFoundError as error:
            raise SandboxError(
                f"{self.data} is not a database, or not all of it is there.",
                remedy="Make the sandbox anew: supasync sandbox reset --data-dir DIR",
            ) from error
        if made_by != str(self.binaries.major):
            raise SandboxError(
                f"{self.data} was made by PostgreSQL {made_by}, "
                f"this one is {self.binaries.version}.",
                remedy=f"Point SUPASYNC_PG_BIN to PostgreSQL {made_by}, or use another folder.",
            )

    def _attempt(self, deadline: float) -> bool:
        self.port = self.port if _is_free(self.port) else 0
        self.port = self.port or free_port()
        argv = [self.binaries.tool("postgres"), "-D", str(self.data), "-p", str(self.port)]
        with self.log.open("wb") as log:
            child = identity.current().start(argv, cwd=self.home, output=log)
        self._child = child
        pidfile = PidFile(self.data)
        while child.poll() is None:
            if pidfile.ready(child.pid):
                return True
            if time.monotonic() > deadline:
                self.kill9()
            time.sleep(0.01)
        return False

    def _may_pass(self) -> bool:
        tail = self._log_tail()
        return any(words in tail for words in TRANSIENT)

    def _log_tail(self) -> str:
        lines = self.log.read_text(errors="replace").splitlines()
        return "\n".join(lines[-12:])

    def stop(self, *, quick: bool = False) -> None:
        """Stop and wait. quick: without writing anything down, for data nobody needs again."""
        with self._lock:
            child, self._child = self._child, None
            _running.discard(self)
            if child is None or child.poll() is not None:
                return
            for sign, seconds in (
                (signal.SIGQUIT if quick else signal.SIGINT, 20),
                (signal.SIGQUIT, 5),
                (signal.SIGKILL, 5),
            ):
                child.send_signal(sign)
                with contextlib.suppress(subprocess.TimeoutExpired):
                    child.wait(seconds)
                    return
            raise SandboxError(
                f"PostgreSQL (process {child.pid}) does not stop.",
                remedy=f"End it by hand: kill -9 {child.pid}",
            )

    def restart(self) -> None:
        self.stop()
        self.start()

    def kill9(self) -> None:
        """The crash: SIGKILL to the server. `start` recovers from it."""
        if self._child is not None:
            self._child.kill()
            self._child.wait()

    def dsn(self, database: str = "postgres", login: Login | None = None) -> str:
        """A postgresql:// URL with the password in it; without `login` the superuser's."""
        login = login or self.superuser
        role, password = quote(login.role, safe=""), quote(login.password, safe="")
        return f"postgresql://{role}:{password}@{HOST}:{self.port}/{quote(database, safe='')}"

    def execute(self, *statements: str, database: str = "postgres") -> None:
        """Run statements as the superuser, each on its own, outside a transaction."""
        with psycopg.connect(self.dsn(database), autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement.encode())

    def create_database(self, name: str, *, template: str | None = None) -> str:
        """A new database, a copy of `template` if named; its dsn."""
        # The default strategy writes all of it to the WAL as well.
        copied = f"TEMPLATE {sql.ident(template or 'template1')} STRATEGY file_copy"
        self.execute(f"CREATE DATABASE {sql.ident(name)} {copied}")
        return self.dsn(name)

    def drop_database(self, name: str) -> None:
        self.execute(f"DROP DATABASE IF EXISTS {sql.ident(name)} WITH (FORCE)")


def free_port() -> int:
    """A TCP port of loopback that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def _is_free(port: int) -> bool:
    if port == 0:
        return False
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        with contextlib.suppress(OSError):
            probe.bind((HOST, port))
            return True
    return False


_running: set[Cluster] = set()
_owner = os.getpid()


@atexit.register
def _stop_all() -> None:
    """No server outlives us; a forked child's end is not ours."""
    if os.getpid() == _owner:
        for cluster in tuple(_running):
            cluster.stop(quick=True)
