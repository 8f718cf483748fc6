"""One project or branch that runs: its record and its server."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import psycopg

from supasync import sql
from supasync.sandbox import golden, platform
from supasync.sandbox.binaries import Binaries
from supasync.sandbox.postgres import Cluster, Login
from supasync.sandbox.project import Keys
from supasync.sandbox.projectconfig import ProjectConfig
from supasync.sandbox.records import Record


@dataclass
class Instance:
    """Implements `Project`. folder: of its cluster; base_url: of the sandbox's HTTP server.

    monotonic: the sandbox's clock; `used` is when somebody last asked the database.
    """

    record: Record
    folder: Path
    binaries: Binaries
    base_url: str
    monotonic: Callable[[], float] = time.monotonic

    def __post_init__(self) -> None:
        self.use()
        login = Login(platform.SUPERUSER, self.record.passwords.get(platform.SUPERUSER, ""))
        self.cluster = Cluster(self.folder, binaries=self.binaries, superuser=login)

    @property
    def ref(self) -> str:
        return self.record.ref

    @property
    def keys(self) -> Keys:
        return self.record.keys

    @property
    def config(self) -> ProjectConfig:
        return self.record.config

    @property
    def project_url(self) -> str:
        return f"{self.base_url}/project/{self.ref}"

    @property
    def db_url(self) -> str:
        """As `postgres`, the role users have."""
        return self.cluster.dsn(login=self._login("postgres"))

    @property
    def admin_url(self) -> str:
        """As the superuser, whom on the platform nobody but the platform is."""
        return self.cluster.dsn(login=self._login(platform.SUPERUSER))

    def _login(self, role: str) -> Login:
        return Login(role, self.record.passwords[role])

    def use(self) -> None:
        self.used = self.monotonic()

    async def connect(self, role: str) -> psycopg.AsyncConnection[tuple[object, ...]]:
        """See `Project`. A server that crashed is started again, as the platform does.

        Raises: psycopg.OperationalError when the project is paused or still being made.
        """
        self.use()
        if self.cluster.crashed:
            await asyncio.to_thread(self.cluster.start)
        if not self.cluster.running:
            raise psycopg.OperationalError("the project's database does not run")
        return await psycopg.AsyncConnection.connect(
            self.cluster.dsn(login=self._login(role)), autocommit=True, connect_timeout=15
        )

    def make(self) -> None:
        """A fresh project's database, with passwords of its own. Blocking."""
        self.folder.mkdir(mode=0o755)
        self.folder.chmod(0o755)
        self.cluster = golden.clone(
            self.folder,
            self.binaries,
            superuser=platform.SUPERUSER,
            setup=platform.scripts(),
            settings=platform.settings(),
        )
        self.cluster.start()
        passwords = {role: secrets.token_hex(16) for role in platform.ROLES}
        # They are random, 128 bits each: hashing them slowly protects nothing and costs time.
        quick = ("SET scram_iterations = 1",) if self.binaries.major >= 16 else ()
        self.cluster.execute(
            *quick,
            *(
                f"ALTER ROLE {sql.ident(role)} PASSWORD {sql.literal(password)}"
                for role, password in passwords.items()
            ),
        )
        self.record.passwords = passwords
        self.cluster.superuser = self._login(platform.SUPERUSER)
