"""One look at production and all configured branches: which of them differ, and in what.

A look costs one call for production and one for each branch, and these are short as long as nothing
has changed. Only a branch whose fingerprint, or production's, is another one than at the last look
is planned for, since only the plan says what differs.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace

from supasync import api, catalog
from supasync.catalog import State
from supasync.config import Config
from supasync.errors import SupasyncError
from supasync.events import BranchSummary, Summary, Verdict
from supasync.ports import Clock, Database, Store
from supasync.report import wording
from supasync.service.board import Finding
from supasync.sync import job, pipeline
from supasync.sync.context import Options, Run
from supasync.sync.lifecycle import ready

_AT_ONCE = 10
"""Branches that are read side by side."""


@dataclass(frozen=True, kw_only=True)
class _Seen:
    ref: str
    state: State


class Detector:
    def __init__(self, client: api.Client, config: Config, store: Store, clock: Clock) -> None:
        self._client, self._config, self._store = client, config, store
        self._clock = clock
        self._scope = pipeline.compared(config)
        self._memory = pipeline.remembered(config, store)
        self._states: dict[str, State] = {}
        self._known: dict[str, Finding] = {}
        self._turns = asyncio.Semaphore(_AT_ONCE)

    async def look(self, listed: Sequence[api.Branch]) -> list[Finding]:
        """A finding for each configured branch; what could not be found out is Unknown."""
        names = list(self._config.branches)
        try:
            main = await self._observe(self._config.project.ref, self._client.production)
        except SupasyncError as error:
            reason = f"production could not be read: {error.message}"
            return [self._unknown(name, reason) for name in names]
        seen = dict(
            zip(
                names,
                await asyncio.gather(*(self._see(name, listed) for name in names)),
                strict=True,
            )
        )
        known = {name: self._before(name, each, main) for name, each in seen.items()}
        changed = [name for name, finding in known.items() if finding is None]
        if changed:
            await self._plan(changed)
        return [known[name] or self._known[name] for name in names]

    async def _see(self, name: str, listed: Sequence[api.Branch]) -> _Seen | SupasyncError:
        try:
            branch = ready.find(name, listed, self._config)
            ready.check(branch)
            ref = branch.project_ref
            async with self._turns:
                database = self._client.database(ref, name=name)
                return _Seen(ref=ref, state=await self._observe(ref, database))
        except SupasyncError as error:
            return error

    async def _observe(self, ref: str, database: Database) -> State:
        before = self._states.get(ref) or await self._memory.recall(ref)
        state = await catalog.observe(database, self._scope, before)
        self._states[ref] = packed = await asyncio.to_thread(state.packed)
        return packed

    def _before(self, name: str, seen: _Seen | SupasyncError, main: State) -> Finding | None:
        """What is known of the branch as it is; None when it must be planned for."""
        if isinstance(seen, SupasyncError):
            return self._unknown(name, seen.message)
        known = self._known.get(name)
        same = (seen.ref, main.fingerprint, seen.state.fingerprint)
        if known is None or (known.ref, known.main, known.own) != same:
            return None
        return replace(known, at=self._clock.now())

    async def _plan(self, names: Sequence[str]) -> None:
        summary = Summary()
        await pipeline.run_job(
            job.STATUS,
            names,
            run=Run(emit=summary, options=Options(dry_run=True)),
            config=self._config,
            client=self._client,
            store=self._store,
            seeds={},
        )
        for name in names:
            self._known[name] = of_run(summary.branches[name], self._clock.now())

    def _unknown(self, name: str, reason: str) -> Finding:
        known = self._known.get(name)
        return Finding(
            branch=name, ref=known.ref if known else "", reason=reason, at=self._clock.now()
        )


def of_run(branch: BranchSummary, at: float) -> Finding:
    """What a run that looked at a branch's schema found. at: seconds since the epoch."""
    done, plan = branch.finished, branch.plan
    if done is None or done.verdict is None:
        return Finding(branch=branch.name, reason="interrupted", at=at)
    differs = plan is not None and done.verdict is not Verdict.SYNCED
    return Finding(
        branch=branch.name,
        ref=done.ref,
        verdict=done.verdict,
        reason=done.reason,
        objects=tuple(wording.steps(plan.steps)) if plan and differs else (),
        main=plan.source_fingerprint if plan else "",
        own=plan.target_fingerprint if plan else "",
        at=at,
    )
