"""A whole drill on one branch: made equal, harmed and healed in rounds, and looked at afresh."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from supasync import api, catalog
from supasync.catalog import Scope, State
from supasync.config import Branch, Config
from supasync.drill import occasions
from supasync.drill.catalogue import FAMILY_OF
from supasync.drill.drift import Drift, Occasion
from supasync.drill.rounds import Round
from supasync.errors import ApplyError, NotProved, Refused, SqlError, SupasyncError
from supasync.events import Drilled, DrillReport, Found, Waiting
from supasync.ports import Store
from supasync.sync import pipeline
from supasync.sync.bookkeeping.lease import Lease
from supasync.sync.context import Options, Run, new_run_id
from supasync.sync.counted import CountedWritable
from supasync.sync.reconcile import Planned, Reconciler
from supasync.sync.record import Memory, Mind, NoStore
from supasync.sync.source import Source
from supasync.sync.withheld import branch_database

KIND = "drill"
"""Of what is journaled, and of the schemas that are kept: an undo of a sync does not find them."""

OPTIONS = Options(prune=True)
"""The branch is thrown away: whatever makes it equal may be done."""


@dataclass
class Drill:
    """branch: proved to be one, and confirmed. policy: as it is configured."""

    started: Run
    client: api.Client
    config: Config
    store: Store
    branch: api.Branch
    policy: Branch
    _over: dict[str, Drilled] = field(default_factory=dict)
    _rounds: int = 0
    _scope: Scope = field(init=False)
    _state: State = field(init=False)
    _memory: Memory = field(init=False)
    _source: Source = field(init=False)
    _database: CountedWritable = field(init=False)

    def __post_init__(self) -> None:
        self._scope, _, self._source = pipeline.reading(
            self.started, self.config, self.client, self.store
        )
        self._memory = Memory(Mind(), scope="", hard=False)
        database = branch_database(self.client, self.branch, self.branch.name, self.policy)
        self._database = CountedWritable(database)

    async def __call__(self, drifts: Sequence[Drift]) -> DrillReport:
        """An error ends it and is in the report; only cancellation is raised."""
        started = time.monotonic()
        error: SupasyncError | None = None
        try:
            await self._equal()
            known = await occasions.read(self._database, drifts)
            pending = list(drifts)
            while pending:
                pending = await self._round(pending, known)
            await self._afresh()
        except SupasyncError as caught:
            error = caught
            self._unhealed(caught)
        finally:
            await self._source.reading.aclose()
        return DrillReport(
            branch=self.branch.name,
            ref=self.branch.project_ref,
            drifts=tuple(self._over.get(each.name) or _not_tried(each) for each in drifts),
            rounds=self._rounds,
            seconds=time.monotonic() - started,
            error=error.message if error else "",
            error_code=error.exit_code if error else 0,
            remedy=(error.remedy or "") if error else "",
            calls=dict(self.client.calls),
        )

    def _unhealed(self, error: SupasyncError) -> None:
        """What an error says of drifts that were found: that they cannot be healed, or nothing."""
        could_not = isinstance(error, Refused | ApplyError | SqlError)
        found = Found.NOT_HEALED if could_not else Found.UNKNOWN
        reason = error.message if could_not else f"it was found; then: {error.message}"
        self._over |= {
            name: replace(each, found=found, reason=reason)
            for name, each in self._over.items()
            if each.found is Found.NOT_HEALED
        }

    async def _equal(self) -> None:
        """Made equal to production first: what differs before is no drift of ours."""
        self._tell("is made equal to production")
        run = self._run()
        reconciler = self._reconciler(run, self._memory)
        planned = await reconciler.plan()
        if not planned.equal:
            async with Lease(self._database, run) as lease:
                planned = await self._apply(reconciler, planned, lease)
        await self._keep(planned.target)
        await self._source.remember()

    async def _round(
        self, pending: Sequence[Drift], known: Mapping[str, Sequence[Occasion]]
    ) -> list[Drift]:
        """Returns what is left to do."""
        self._rounds += 1
        self._tell(f"round {self._rounds}, {len(pending)} drifts to go")
        run = self._run()
        async with Lease(self._database, run) as lease:
            batch = Round(
                self._database,
                lease,
                self._scope,
                source=await self._source.state(),
                state=self._state,
                occasions=known,
            )
            try:
                left = await batch.suffer(pending)
            finally:
                self._over |= batch.over
                self._over |= {name: drilled for name, (drilled, _) in batch.made.items()}
            await self._heal(run, lease, batch)
        return left

    async def _heal(self, run: Run, lease: Lease, batch: Round) -> None:
        """One sync of the schema, with its proof; then, of what was found in the batch, that is
        healed whose object differs no longer."""
        reconciler = self._reconciler(run, self._memory)
        planned = await reconciler.plan()
        if not planned.equal:
            planned = await self._apply(reconciler, planned, lease)
        await self._keep(planned.target)
        differing = set(catalog.differences(planned.source, planned.target))
        self._over |= {
            name: replace(drilled, found=Found.HEALED)
            for name, (drilled, object_id) in batch.made.items()
            if drilled.found is Found.NOT_HEALED and object_id not in differing
        }

    async def _afresh(self) -> None:
        """Looks at everything once more, with nothing remembered.

        Raises: NotProved when the branch is not production after all.
        """
        self._tell("is looked at afresh")
        forgetful = Memory(NoStore(), scope="", hard=True)
        planned = await self._reconciler(self._run(), forgetful).plan()
        if not planned.equal:
            raise NotProved(
                "After the last round the branch is not what production is",
                remedy=f"Look at it: `supasync branches diff {self.branch.name} --hard`.",
            )

    async def _apply(self, reconciler: Reconciler, planned: Planned, lease: Lease) -> Planned:
        reconciler.guard(planned, self.policy)
        return await reconciler.apply(planned, self._database, lease, self.policy)

    async def _keep(self, state: State) -> None:
        self._state = state
        await self._memory.keep(self.branch.project_ref, state)

    def _run(self) -> Run:
        """Each round is a run of its own: a run changes a branch's schema once."""
        return replace(self.started, id=new_run_id())

    def _reconciler(self, run: Run, memory: Memory) -> Reconciler:
        return Reconciler(
            run,
            self._source,
            self._database,
            self._scope,
            memory,
            key=self.branch.project_ref,
            kind=KIND,
        )

    def _tell(self, message: str) -> None:
        self.started.emit(Waiting(branch=self.branch.name, message=message))


def _not_tried(drift: Drift) -> Drilled:
    return Drilled(
        drift=drift.name,
        family=FAMILY_OF.get(drift.name, ""),
        what=drift.what,
        found=Found.UNKNOWN,
        reason="it was not tried: the drill ended early",
    )
