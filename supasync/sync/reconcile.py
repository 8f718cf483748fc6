"""Makes one target's schema equal to the source's: observe, plan, guard, apply."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace

from supasync import catalog, sql
from supasync.catalog import Plan, Scope, State
from supasync.errors import SourceMoved, SqlError, TargetMoved
from supasync.events import HazardSeen, Notice, Phase, PlanMade, PlannedStep
from supasync.sync import guard, identity, rows
from supasync.sync.bookkeeping import journal
from supasync.sync.bookkeeping import past as earlier
from supasync.sync.bookkeeping.lease import Lease
from supasync.sync.bookkeeping.staging import Staging
from supasync.sync.context import Policy, Run
from supasync.sync.counted import Counted, CountedWritable
from supasync.sync.record import Memory
from supasync.sync.source import Source
from supasync.sync.strategy import contents

KIND = "apply"
UNDO = "undo"
_PROVED = "one transaction, proved"
_READINGS = 3


@dataclass(frozen=True, kw_only=True)
class Planned:
    """A plan, and the two states it leads from and to."""

    plan: Plan
    source: State
    target: State

    @property
    def equal(self) -> bool:
        """Nothing to do, and nothing that only another role could do."""
        return self.plan.is_empty and not self.plan.cannot_apply


class Reconciler:
    """One target of a run. key: what the target is remembered under. kind: of what is journaled.
    anew: the contents of the user's schemas are made anew, though they may be equal."""

    def __init__(
        self,
        run: Run,
        source: Source,
        target: Counted,
        scope: Scope,
        memory: Memory,
        *,
        key: str,
        kind: str = KIND,
        anew: bool = False,
    ) -> None:
        self._run, self._source, self._target = run, source, target
        self._scope, self._memory, self._key, self._kind = scope, memory, key, kind
        self._anew = anew
        self.committed = False
        """Whether a change is known to be on the target, whatever came after it."""

    async def plan(self) -> Planned:
        """Reads both ends and plans. Writes nothing.

        An end that changes between its two readings is read again.
        Raises: SourceMoved, TargetMoved, UnknownError, SqlError.
        """
        name = self._target.name
        self._source.reading.start()
        with self._run.phase(name, Phase.OBSERVE) as note:
            target = await self._observe()
            note.text = f"{target.count} objects"
        source = await self._source.state()
        with self._run.phase(name, Phase.PLAN) as note:
            planned = await self._planned(source, target)
            plan = planned.plan
            note.text = "nothing to change" if plan.is_empty else f"{len(plan.steps)} to do"
        self._run.emit(_shown(name, planned))
        for message in plan.notices:
            self._run.emit(Notice(branch=name, message=message))
        return planned

    async def _planned(self, source: State, target: State, tries: int = _READINGS) -> Planned:
        try:
            plan = await self._make_plan(source, target, anew=self._anew)
        except (SourceMoved, TargetMoved) as moved:
            if tries == 1:
                raise
            if isinstance(moved, SourceMoved):
                source = await self._source.again(source)
            else:
                target = await self._observe()
            return await self._planned(source, target, tries - 1)
        return Planned(plan=plan, source=source, target=target)

    def guard(self, planned: Planned, policy: Policy) -> None:
        """policy: the target's. Raises: Refused and its kinds."""
        with self._run.phase(self._target.name, Phase.GUARD) as note:
            note.text = guard.check(
                planned.plan,
                planned.source,
                planned.target,
                self._run.options,
                policy,
                past=self._source.past is not None,
            )

    def foresee(self, planned: Planned, policy: Policy) -> None:
        """Tells of a plan that is not carried out what its confirmation would take."""
        if not planned.equal and not self._run.options.prune:
            told = guard.to_confirm(planned.source, planned.target, policy)
            if told:
                self._run.emit(Notice(branch=self._target.name, message=told))

    async def apply(
        self,
        planned: Planned,
        target: CountedWritable,
        lease: Lease,
        policy: Policy,
        *,
        emptying: str | None = None,
    ) -> Planned:
        """Carries the plan out and proves the result. Returns it with the target as it is now.

        Should somebody have changed the target since it was planned for, it is planned anew, once.
        target: the database that was planned for, now to be written. policy: what a new plan is
        held to. emptying: the function that may empty its tables, should their rows not fit.
        Raises: ApplyError, SqlError, LeaseHeld, UnknownError, Refused and its kinds.
        """
        try:
            return await self._apply(planned, target, lease, emptying)
        except TargetMoved:
            if self.committed:
                raise
        message = "the branch changed between plan and apply; nothing was done, planning anew"
        self._run.emit(Notice(branch=target.name, message=message))
        planned = await self.plan()
        if planned.equal:
            return planned
        self.guard(planned, policy)
        return await self._apply(planned, target, lease, emptying)

    async def _apply(
        self, planned: Planned, target: CountedWritable, lease: Lease, emptying: str | None
    ) -> Planned:
        with self._run.phase(target.name, Phase.APPLY) as note:
            state = await self._apply_fitting(planned.plan, target, lease, emptying)
            note.text = _PROVED
        return replace(planned, target=state)

    async def apply_bare(
        self, planned: Planned, target: CountedWritable, *, server: str | None
    ) -> State:
        """`apply` to a database named by a URL: without a lease, nothing of ours stays behind.

        server: that of `identity.told_apart`, when production is known; the write refuses itself
        on any other.
        Raises: ApplyError, SqlError, UnknownError.
        """
        before = identity.fence(server) if server else ""
        with self._run.phase(target.name, Phase.APPLY) as note:
            try:
                state = await catalog.apply(
                    target, planned.plan, self._scope, before=before, journal=False
                )
            except SqlError as error:
                told = rows.explained(error, planned.plan, target.name)
                raise identity.understood(told, target.name) from error
            except asyncio.CancelledError:  # nothing of ours is there to ask what came of it
                message = "interrupted: the change is whole or did not happen; schema diff tells"
                self._run.emit(Notice(branch=target.name, message=message))
                raise
            note.text = _PROVED
        return state

    async def look_again(self, state: State) -> State:
        """The target as it is now; `state` is what it was."""
        with self._run.phase(self._target.name, Phase.OBSERVE) as note:
            after = await catalog.observe(self._target, self._scope, state)
            same = after.fingerprint == state.fingerprint
            note.text = "the seed left the schema as it is" if same else "the seed changed it"
        return after

    async def _apply_fitting(
        self, plan: Plan, target: CountedWritable, lease: Lease, emptying: str | None
    ) -> State:
        """As the rows are or, should they not fit, once more without them."""
        name = target.name
        try:
            return await self._apply_journaled(plan, target, lease)
        except SqlError as error:
            misfit = error
        if not (emptying and rows.do_not_fit(misfit) and await rows.can_empty(target, emptying)):
            past = self._source.past is not None
            raise rows.explained(misfit, plan, name, past=past) from misfit
        try:
            state = await self._apply_journaled(plan, target, lease, rows.empty(emptying))
        except SqlError as error:
            raise rows.explained(error, plan, name) from error
        message = f"the branch's rows did not fit ({misfit.message}): {emptying}() emptied "
        message += "the tables first, the seed fills them again"
        self._run.emit(Notice(branch=name, message=message))
        return state

    async def _apply_journaled(
        self, plan: Plan, target: CountedWritable, lease: Lease, first: str = ""
    ) -> State:
        """first: SQL that goes before the plan, in its transaction."""
        run, kind = self._run, self._kind
        staging = Staging(target, lease)
        proved = sql.literal(plan.source_fingerprint)
        row = journal.entry(run, kind, source=proved, target=proved)
        if self._source.past is not None:
            row += earlier.records(self._source.past.state)
        kept = earlier.keep(run, kind, self._scope, plan.target_state)

        async def write() -> State:
            before = lease.fence() + journal.once(run, kind) + kept + first
            return await catalog.apply(
                target,
                plan,
                self._scope,
                before=before,
                after=row,
                journal=True,
                staging=staging,
            )

        state = await journal.exactly_once(
            write, target, run, lease, kind, committed=self._committed
        )
        return state if state is not None else await self._prove_again()

    def _committed(self) -> None:
        self.committed = True

    async def _prove_again(self) -> State:
        """The write was committed, so it was proved; its answer was lost, so look again."""
        source, target = await self._source.state(), await self._observe()
        again = await self._make_plan(source, target, anew=False)
        if not again.is_empty:
            raise TargetMoved(f"{self._target.name}: changed again right after it was synced")
        return target

    async def _observe(self) -> State:
        remembered = await self._memory.recall(self._key)
        return await catalog.observe(self._target, self._scope, remembered)

    async def _make_plan(self, source: State, target: State, *, anew: bool) -> Plan:
        return await catalog.make_plan(
            self._source.database,
            source,
            self._target,
            target,
            self._scope,
            past=self._source.past,
            anew=contents(source, target) if anew else (),
        )


def _shown(branch: str, planned: Planned) -> PlanMade:
    """The plan as an event: what people and the history need of it."""
    plan, source, target = planned.plan, planned.source, planned.target
    return PlanMade(
        branch=branch,
        objects=len(guard.counted(source)),
        target_objects=len(guard.counted(target)),
        dropped=0 if planned.equal else len(guard.only_there(source, target)),
        steps=tuple(
            PlannedStep(
                verb=step.verb,
                object=step.label,
                fields=tuple(step.fields),
                hazards=tuple(HazardSeen(name=h.name, message=h.message) for h in step.hazards),
            )
            for step in plan.steps
        ),
        hazards=tuple(HazardSeen(name=h.name, message=h.message) for h in plan.hazards),
        cannot_apply=tuple(plan.cannot_apply),
        reparsed=tuple(".".join(object_id) for object_id in plan.reparsed),
        unmodelled=dict(plan.unmodelled),
        source_fingerprint=plan.source_fingerprint,
        target_fingerprint=plan.target_fingerprint,
        sql=plan.sql,
    )
