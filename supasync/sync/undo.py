"""Gives a branch the schema back that it had before a sync, planned and proved as a sync is.

Only the schema comes back. Rows that the sync dropped are gone, and what was made since goes with
its rows: the one is told, the other is a hazard of the plan.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from supasync.catalog import Plan, State
from supasync.catalog.kinds import BY_NAME
from supasync.errors import Refused, UsageError
from supasync.events import Notice
from supasync.sync import reconcile
from supasync.sync.bookkeeping import past
from supasync.sync.bookkeeping.lease import Lease
from supasync.sync.bookkeeping.past import Entry
from supasync.sync.branch import BranchRun, World
from supasync.sync.counted import CountedWritable
from supasync.sync.job import Undo
from supasync.sync.lifecycle import ready
from supasync.sync.reconcile import Reconciler
from supasync.sync.source import Source

if TYPE_CHECKING:
    from supasync import api
    from supasync.config import Config

_SHOWN = 10


def choose(name: str, kept: Sequence[Entry], undo: Undo) -> Entry:
    """The one that is asked for. kept: the newest first. Raises: Refused, UsageError."""
    syncs = [entry for entry in kept if entry.kind == reconcile.KIND]
    if not kept:
        raise Refused(
            f"{name}: there is no sync to undo",
            remedy="Earlier schemas are kept on the branch from its first sync that changes the "
            "schema on; resetting the branch removes them.",
        )
    if undo.before:
        found = [entry for entry in kept if entry.run_id.startswith(undo.before)]
        if len(found) == 1:
            return found[0]
        told = (
            f"several runs begin with {undo.before}" if found else f"no run {undo.before} is kept"
        )
        raise UsageError(f"{name}: {told}", remedy=_look(name))
    if undo.steps <= len(syncs):
        return syncs[undo.steps - 1]
    raise UsageError(
        f"{name}: {undo.steps} syncs are to be undone, and the schemas before the last "
        f"{len(syncs)} are kept",
        remedy=_look(name),
    )


def _look(name: str) -> str:
    return f"`supasync branches undo {name} --list` shows what there is."


async def kept(name: str, client: api.Client, config: Config) -> tuple[Entry, ...]:
    """What the branch can be given back, the newest first.

    Raises: UsageError, ProductionGuard, NotReady, SqlError, UnknownError.
    """
    branch = ready.find(name, await client.branches.list(config.project.ref), config)
    ready.check(branch)
    return await past.entries(client.database(branch.project_ref, name=name))


class PastSource(Source):
    """What a branch was before a run."""

    def __init__(self, world: World, database: CountedWritable, entry: Entry) -> None:
        super().__init__(world.run, database, world.scope, world.memory, key=entry.run_id)
        self._entry = entry

    async def _read(self) -> State:
        self.past = await past.read(self.database, self._entry, self._scope)
        return self.past.state


class UndoRun(BranchRun):
    """One branch. Neither production nor the seed nor the users are looked at."""

    async def _carry_out(self, database: CountedWritable) -> None:
        world, run, undo = self._world, self._run, self._job.undo
        entry = choose(self._name, await past.entries(database), undo or Undo())
        source = PastSource(world, database, entry)
        reconciler = Reconciler(
            run,
            source,
            database,
            world.scope,
            world.memory,
            key=self._outcome.ref,
            kind=reconcile.UNDO,
        )
        planned = await reconciler.plan()
        before = f"before the {entry.what} of {entry.when} ({entry.run_id})"
        if planned.equal:
            self._tell(f"the schema is what it was {before}: nothing to undo")
            await self._remember(planned.target)
            return
        for message in _not_coming_back(planned.plan):
            self._tell(message)
        if not self._job.write:
            reconciler.foresee(planned, self._settings)
            return
        reconciler.guard(planned, self._settings)
        async with Lease(database, run) as lease:
            try:
                planned = await reconciler.apply(planned, database, lease, self._settings)
            finally:
                self._outcome.changed = reconciler.committed
        self._tell(f"the schema is what it was {before}; the next sync brings production's again")
        await self._remember(planned.target)

    def _tell(self, message: str) -> None:
        self._run.emit(Notice(branch=self._name, message=message))


def _not_coming_back(plan: Plan) -> list[str]:
    """What the plan makes anew that held something once."""
    made = [s.label for s in plan.steps if s.verb == "create" and BY_NAME[s.id[0]].holds_data]
    shown = [f"{label} comes back without what it held" for label in made[:_SHOWN]]
    return shown + ([f"… and {len(made) - _SHOWN} more do"] if len(made) > _SHOWN else [])
