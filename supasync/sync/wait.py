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
from supasync.sync import ready, states
from supasync.sync.readiness import WAITS, Readiness, Seen
from supasync.sync.sessions import auth_answers

if TYPE_CHECKING:
    from supasync.config import Config

_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 10.0
_SHOWN = 3


@dataclass
class Prober:
    """Looks at a branch again and again, and remembers what does not have to be asked twice."""

    name: str
    client: api.Client
    config: Config
    scope: Scope
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
            if found := states.of(str(branch.preview_project_status or ""), str(branch.status)):
                return Seen(word=found[0], state=found[1])
            where = "sql"
            database = self.client.database(self.ref, name=self.name)
            self._branch = await catalog.observe(database, self.scope, self._branch)
            where = "objects"
            if missing := await self._missing(self._branch):
                return self._waiting(where, missing)
            where = "auth"
            if not await self._auth():
                return self._waiting(where)
        except (UsageError, ProductionGuard, Unauthorized, Forbidden):
            raise
        except SchemaMoving:
            return self._waiting("settling")
        except (UnknownError, SqlError) as error:
            return self._waiting(where, error.message)
        return Seen(schema=self._branch.fingerprint)

    @staticmethod
    def _waiting(word: str, told: str = "") -> Seen:
        return Seen(word=word, state=WAITS[word], told=told)

    async def _read_main(self) -> None:
        """A branch gets production's migrations; that of a project without any, its tables."""
        history = await self.client.migrations.list(self.config.project.ref)
        if not history:
            state = await catalog.observe(self.client.production, self.scope)
            self._tables = frozenset(id_ for id_ in state.digests if id_[0] == "table")
        self._versions = frozenset(migration.version for migration in history)

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
            calls=self.client.calls,
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
