"""What a check has to do with: production or a branch, and what all of them share."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from supasync import api
from supasync.catalog import Scope, access
from supasync.catalog.access import Access
from supasync.config import Branch as Settings
from supasync.config import Config
from supasync.errors import SupasyncError
from supasync.events import PRODUCTION, Report
from supasync.ports import Clock, Store
from supasync.sync.context import Run
from supasync.sync.counted import CountedWritable
from supasync.sync.once import Once
from supasync.sync.reconcile import Planned, Reconciler
from supasync.sync.record import Memory
from supasync.sync.seeding.script import Script
from supasync.sync.source import Source
from supasync.sync.withheld import branch_database


@dataclass(frozen=True, kw_only=True)
class Shared:
    """What all environments of a validation share; production is read once for all.

    scripts: the seeds of
    the branches that have one. history: past runs, oldest first, as they were recorded.
    production_log: the record of what was sent to production.
    """

    run: Run
    client: api.Client
    config: Config
    source: Source
    scope: Scope
    memory: Memory
    store: Store
    scripts: Mapping[str, Script]
    history: Sequence[Mapping[str, Any]]
    production_log: Path
    clock: Clock = field(default_factory=api.SystemClock)


class Production:
    """access: who may do what there, read once."""

    name = PRODUCTION

    def __init__(self, shared: Shared) -> None:
        self.shared = shared
        self.access = Once(lambda: access.read(shared.source.database, shared.scope))

    async def aclose(self) -> None:
        """Ends what nobody waits for any more."""
        await self.access.aclose()


class Branch:
    """planned: its schema compared with production's, read once. access: as of `production`."""

    def __init__(
        self, production: Production, name: str, row: api.Branch, settings: Settings
    ) -> None:
        shared = production.shared
        self.production, self.shared = production, shared
        self.name, self.ref, self.row, self.settings = name, row.project_ref, row, settings
        database = CountedWritable(branch_database(shared.client, row, name, settings))
        self.database = database
        self.access: Once[Access] = Once(lambda: access.read(database, shared.scope))
        reconciler = Reconciler(
            shared.run, shared.source, database, shared.scope, shared.memory, key=self.ref
        )
        self.planned: Once[Planned] = Once(reconciler.plan)

    async def equal(self) -> bool | None:
        """Whether its schema is production's; None where that cannot be found out."""
        try:
            return (await self.planned.get()).equal
        except SupasyncError:
            return None

    async def aclose(self) -> None:
        """Ends what nobody waits for any more."""
        await self.access.aclose()
        await self.planned.aclose()


@dataclass(frozen=True)
class ProductionCheck:
    """name: as reports call it. skip: why there is nothing to look at, "" when there is."""

    name: str
    look: Callable[[Production], Awaitable[Report]]
    skip: Callable[[Production], str] = lambda _: ""


@dataclass(frozen=True)
class BranchCheck:
    """As ProductionCheck. alone: runs when all others of the branch are finished."""

    name: str
    look: Callable[[Branch], Awaitable[Report]]
    skip: Callable[[Branch], str] = lambda _: ""
    alone: bool = False
