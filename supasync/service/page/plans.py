"""What a sync would change in a branch, read when somebody asks for it, as `branches diff` does."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Self

from supasync import api
from supasync.config import Config
from supasync.events import BranchSummary, Summary
from supasync.ports import Store
from supasync.service.board import Finding
from supasync.service.progress import shortened
from supasync.sync import job, pipeline
from supasync.sync.context import Options, Run

PATIENCE_SECONDS = 8.0
"""How long an answer waits for a plan; then it says that it is on its way."""


@dataclass(frozen=True, kw_only=True)
class _Asked:
    """finding: what was known of the branch then."""

    finding: Finding
    task: asyncio.Task[BranchSummary]

    def serves(self, finding: Finding) -> bool:
        """Whether it is good for a branch of which this is known now."""
        if not self.task.done():
            return True
        if self.task.cancelled() or self.task.exception() or self.task.result().plan is None:
            return False
        known = (finding.ref, finding.main, finding.own)
        before = (self.finding.ref, self.finding.main, self.finding.own)
        return all(known) and known == before


class Plans:
    """A branch is read once for each pair of fingerprints, however often it is asked for."""

    def __init__(self, config: Config, client: api.Client, store: Store) -> None:
        self._config, self._client, self._store = config, client, store
        self._asked: dict[str, _Asked] = {}

    @classmethod
    @asynccontextmanager
    async def opened(cls, config: Config, client: api.Client, store: Store) -> AsyncIterator[Self]:
        """At the end of the context what is being read is interrupted."""
        plans = cls(config, client, store)
        try:
            yield plans
        finally:
            tasks = [asked.task for asked in plans._asked.values()]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def of(self, finding: Finding) -> BranchSummary | None:
        """None when it is still being worked out: ask again."""
        asked = self._asked.get(finding.branch)
        if asked is None or not asked.serves(finding):
            asked = _Asked(finding=finding, task=asyncio.create_task(self._read(finding.branch)))
            self._asked[finding.branch] = asked
        try:
            return await asyncio.wait_for(asyncio.shield(asked.task), PATIENCE_SECONDS)
        except TimeoutError:
            return None

    async def _read(self, branch: str) -> BranchSummary:
        summary = Summary()
        await pipeline.run_job(
            job.DIFF,
            [branch],
            run=Run(emit=shortened(summary), options=Options(dry_run=True)),
            config=self._config,
            client=self._client,
            store=self._store,
            seeds={},
        )
        return summary.branches[branch]
