"""What a report shows of each branch, gathered with the checks of a validation; writes nothing."""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from supasync import __version__, api
from supasync.catalog import Dump, Id, State, Step, make_dump
from supasync.checks import access
from supasync.checks.drawing import tables
from supasync.checks.environment import Branch, Production, Shared
from supasync.checks.schema import ask_witness
from supasync.errors import SupasyncError
from supasync.events import Verdict
from supasync.history import History
from supasync.report.html import BranchPicture, Changed, Picture
from supasync.report.wording import MARKS as _MARKS
from supasync.sync.job import SYNC
from supasync.sync.lifecycle import ready
from supasync.sync.once import Once

_RUNS = 200
_DAYS, _DAY = 30, 86_400


async def look(shared: Shared, names: Sequence[str], history: History) -> Picture:
    """All branches, concurrently; one that cannot be looked at is Unknown, with the reason.

    Raises: UnknownError where the branches cannot even be listed, or the history not be read;
    UsageError for a name that is neither configured nor one of a branch.
    """
    looking = _Looking(shared, history)
    shared.source.reading.start()
    try:
        listed = await shared.client.branches.list(shared.config.project.ref)
        ready.check_names(names, listed, shared.config)
        found = await asyncio.gather(*(looking.branch(name, listed) for name in names))
    finally:
        await looking.aclose()
        await shared.source.reading.aclose()
    return Picture(
        project=shared.config.project.ref,
        made=f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC",
        version=__version__,
        branches=tuple(found),
    )


class _Looking:
    def __init__(self, shared: Shared, history: History) -> None:
        self._shared, self._history = shared, history
        self._production = Production(shared)
        self._dumps: dict[str, Once[Dump]] = {}

    async def aclose(self) -> None:
        for dump in self._dumps.values():
            await dump.aclose()
        await self._production.aclose()

    async def branch(self, name: str, listed: Sequence[api.Branch]) -> BranchPicture:
        runs = [run for run in self._history.runs(name, _RUNS) if run.command == SYNC.command]
        config = self._shared.config
        known = BranchPicture(
            name=name,
            ref="",
            verdict=Verdict.UNKNOWN,
            runs=tuple(reversed(runs)),
            statistics=self._history.statistics(name, time.time() - _DAYS * _DAY),
        )
        try:
            row = ready.find(name, listed, config)
            known = replace(known, ref=row.project_ref)
            ready.check(row)
            branch = Branch(self._production, name, row, ready.settings(name, row, config))
            try:
                return await self._now(branch, known)
            finally:
                await branch.aclose()
        except SupasyncError as error:  # it says nothing about what the schema is
            return replace(known, reason=error.message, remedy=error.remedy or "")

    async def _now(self, branch: Branch, known: BranchPicture) -> BranchPicture:
        planned = await branch.planned.get()
        plan = planned.plan
        found = replace(
            known,
            verdict=Verdict.SYNCED if planned.equal else Verdict.OUT_OF_SYNC,
            objects=planned.target.count,
            fingerprints=(planned.source.fingerprint, planned.target.fingerprint),
            cannot_apply=plan.cannot_apply,
            notices=plan.notices,
            access=(await branch.production.access.get(), await branch.access.get()),
        )
        changes = await access.differing(branch)
        found = replace(
            found,
            wider=tuple(str(each) for each in changes if each.wider),
            narrower=tuple(str(each) for each in changes if not each.wider),
        )
        if planned.equal:
            if self._shared.run.options.witness:
                await ask_witness(branch, planned)
                found = replace(found, witness=True)
            return found
        new, old = await asyncio.gather(
            self._main(planned.source),
            make_dump(branch.database, planned.target, self._shared.scope),
        )
        boxes, edges = await tables(
            planned, self._shared.source.database, branch.database, self._shared.scope
        )
        return replace(found, changed=changed(plan.steps, old, new), boxes=boxes, edges=edges)

    async def _main(self, state: State) -> Dump:
        """Production's SQL, read once for all branches that were compared with this state."""
        shared = self._shared
        if state.fingerprint not in self._dumps:
            self._dumps[state.fingerprint] = Once(
                lambda: make_dump(shared.source.database, state, shared.scope)
            )
        return await self._dumps[state.fingerprint].get()


def changed(steps: Iterable[Step], old: Dump, new: Dump) -> tuple[Changed, ...]:
    """The plan's steps by the statement that makes their object: a column's by its table's."""
    before, after = _texts(old), _texts(new)
    root = {part: step.id for step in (*old.steps, *new.steps) for part in step.members}
    groups: dict[Id, list[Step]] = defaultdict(list)
    for step in steps:
        groups[root.get(step.id, step.id)].append(step)
    labels = {step.id: step.label for step in (*old.steps, *new.steps)}
    return tuple(
        Changed(
            title=labels.get(id_, parts[0].label),
            old=before.get(id_, ""),
            # what no statement alone makes is shown as what a sync would run
            new=after.get(id_, "" if id_ in before else _sql(parts)),
            steps=tuple(f"{_MARKS.get(part.verb, '~')} {part.label}" for part in parts),
            hazards=tuple((each.name, each.message) for part in parts for each in part.hazards),
        )
        for id_, parts in groups.items()
    )


def _texts(dump: Dump) -> Mapping[Id, str]:
    found: dict[Id, str] = {}
    for step in dump.steps:  # a stand-in comes before the object itself
        if step.sql:
            found[step.id] = _sql([step])
    return found


def _sql(steps: Iterable[Step]) -> str:
    return "\n".join(f"{text};" for step in steps for text in step.sql)
