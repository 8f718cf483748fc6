"""Waits until a branch is ready: SQL answers, production's objects have arrived, Auth answers.

The platform calls a branch ACTIVE_HEALTHY long before that.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from supasync import api, catalog
from supasync.catalog import Id, Scope, State
from supasync.errors import (
    Forbidden,
    ProductionGuard,
    SchemaMoving,
    SqlError,
    Unauthorized,
    UnknownError,
    UsageError,
)
from supasync.ports import Clock
from supasync.sync.bookkeeping import lease
from supasync.sync.lifecycle import ready, states
from supasync.sync.lifecycle.action_run import ActionRun
from supasync.sync.lifecycle.readiness import WAITS, Readiness, Seen
from supasync.sync.logins.sessions import auth_answers
from supasync.sync.withheld import may_have_rows

if TYPE_CHECKING:
    from supasync.config import Config

_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 10.0
_LOG_WITHHELD = "the log may have values of production's rows, so read it in the dashboard"
_SHOWN = 3


@dataclass
class Prober:
    """Looks at a branch again and again, and remembers what does not have to be asked twice.

    run: what the platform does to the branch, to be followed. version: production's last migration
    that the branch shall get. anew: the branch is being reset, so what a lease left must be gone.
    history: production's migrations have to be there; tables: of a project without any, its tables.
    despite: migrations that failed are no obstacle.
    """

    name: str
    client: api.Client
    config: Config
    scope: Scope
    run: ActionRun | None = None
    version: str | None = None
    anew: bool = False
    history: bool = True
    tables: bool = True
    despite: bool = False
    ref: str = ""
    _tables: frozenset[Id] = frozenset()
    _branch: State | None = None
    _versions: frozenset[str] | None = field(default=None, repr=False)

    async def __call__(self) -> Seen:
        """One probe. Raises: UsageError, ProductionGuard, Unauthorized, Forbidden, and what makes
        production unreadable."""
        if self._versions is None:
            await self._read_main()
        where = "platform"
        try:
            listed = await self.client.branches.list(self.config.project.ref)
            branch = ready.find(self.name, listed, self.config)
            self.ref = branch.project_ref
            if found := await self._platform(branch):
                return found
            where = "sql"
            database = self.client.database(self.ref, name=self.name)
            if self.anew and not self._ended and await lease.has_been_here(database):
                return self._waiting("reset")
            self._branch = await catalog.observe(database, self.scope, self._branch)
            where = "objects"
            missing = await self._missing(self._branch)
            where = "auth"
            if missing or not await self._auth():
                late = "late" if self._ended else "objects"
                return self._waiting(late if missing else where, missing)
        except (UsageError, ProductionGuard, Unauthorized, Forbidden):
            raise
        except SchemaMoving:
            return self._waiting("settling")
        except (UnknownError, SqlError) as error:
            return self._waiting(where, error.message)
        return Seen(schema=self._branch.fingerprint)

    async def _platform(self, branch: api.Branch) -> Seen | None:
        """What the platform itself says against the branch."""
        if self.run is not None:
            await self.run.look(self.ref)
        found = states.of(str(branch.preview_project_status or ""), str(branch.status))
        if found is None:
            return None
        word, state = found
        if word != states.FAILED or self.run is None:
            return Seen(word=word, state=state)
        if self.run.id and self.run.ended is False:
            return self._waiting("run")  # the failure is that of an earlier run
        if self.despite:
            self._versions = frozenset()
            return None
        if may_have_rows(branch, ready.settings(self.name, branch, self.config)):
            return Seen(word=word, state=state, told=_LOG_WITHHELD)
        return Seen(word=word, state=state, told=await self.run.last_words(self.ref))

    @property
    def _ended(self) -> bool:
        return self.run is not None and self.run.ended is True

    @staticmethod
    def _waiting(word: str, told: str = "") -> Seen:
        return Seen(word=word, state=WAITS[word], told=told)

    async def _read_main(self) -> None:
        """A branch gets production's migrations; that of a project without any, its tables."""
        if not self.history:
            self._versions = frozenset()
            return
        history = await self.client.migrations.list(self.config.project.ref)
        if not history and self.tables:
            state = await catalog.observe(self.client.production, self.scope)
            self._tables = frozenset(id_ for id_ in state.digests if id_[0] == "table")
        self._versions = frozenset(
            migration.version
            for migration in history
            if self.version is None or migration.version <= self.version
        )

    async def _missing(self, branch: State) -> str:
        """What of production's the branch does not have yet, for people; "" when it has all."""
        missing = [f"table {'.'.join(id_[1:])}" for id_ in self._tables - branch.digests.keys()]
        if self._versions:
            have = {each.version for each in await self.client.migrations.list(self.ref)}
            missing += [f"migration {version}" for version in self._versions - have]
        more = len(missing) - _SHOWN
        told = ", ".join(sorted(missing)[:_SHOWN])
        return told + (f" and {more} more" if more > 0 else "")

    async def _auth(self) -> bool:
        project = self.config.project
        keys = await self.client.api_keys.list(self.ref)
        return await auth_answers(
            project.project_url.replace("{ref}", self.ref),
            api.anon_key(keys),
            production_ref=project.ref,
            counted=self.client.counted,
        )


async def wait(
    prober: Prober, readiness: Readiness, clock: Clock, tell: Callable[[str], None]
) -> float:
    """Seconds until the branch was ready. tell: is given what is waited for, when that changes.

    Raises: NotReady, what a probe raises.
    """
    began, pause, last = clock.monotonic(), _FIRST_PAUSE, ""
    while not readiness.add(await prober(), clock.monotonic()):
        seen = readiness.seen
        if seen.word != last and seen.state is not None:
            details = f": {seen.told}" if seen.told else ""
            tell(f"{prober.name} {seen.state.told} ({seen.word}){details}")
        pause = min(pause * 1.5, _LONGEST_PAUSE) if seen.word else _FIRST_PAUSE
        last = seen.word
        await clock.sleep(pause)
    return clock.monotonic() - began
