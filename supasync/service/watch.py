"""Looks again and again, and has what differs synced where the configuration wants it."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from supasync import api
from supasync.config import Config, seed_digest
from supasync.errors import SupasyncError
from supasync.events import LastSync, Verdict
from supasync.ports import Clock
from supasync.service import attempts, windows
from supasync.service.attempts import HELD, Attempt
from supasync.service.board import Board, Finding
from supasync.service.detect import Detector
from supasync.service.jobs.port import Action, Job, Request, Trigger
from supasync.service.worker import ONLY_REPORTED

logger = logging.getLogger(__name__)

ON_ITS_WAY = "a sync of it is on its way"

_CLOCKS_APART = 60.0
"""Seconds by which the clocks of machines that share the jobs may differ."""


class Queue(Protocol):
    """The part of jobs.port.Jobs that is needed here."""

    async def enqueue(self, id_: str, request: Request) -> None: ...

    async def open(self) -> list[Job]: ...

    async def of(self, prefix: str) -> list[Job]: ...

    async def ended(self, since: float) -> list[Job]: ...


@dataclass(frozen=True, kw_only=True)
class Watch:
    """learned: is told the platform's branches after each look at them. seen: each finding.
    synced: what the history says of each branch; it may block."""

    client: api.Client
    config: Config
    detector: Detector
    board: Board
    queue: Queue
    clock: Clock
    learned: Callable[[tuple[api.Branch, ...]], None] = lambda _: None
    seen: Callable[[Finding], None] = lambda _: None
    synced: Callable[[], Mapping[str, LastSync]] = dict
    _last: dict[str, Attempt] = field(default_factory=dict, init=False)

    async def run(self) -> None:
        """Until it is cancelled. A look that fails is told, and followed by the next one."""
        while True:
            began = self.clock.monotonic()
            try:
                await self.once()
            except SupasyncError as error:
                logger.warning("a look failed", extra={"reason": error.message})
            except Exception:  # the watch must outlive what nobody foresaw
                logger.exception("a look failed")
            spent = self.clock.monotonic() - began
            await self.clock.sleep(max(0.0, self.config.watch.interval - spent))

    async def once(self) -> list[Finding]:
        """One look, and the syncs that it gives reason for. Raises: SupasyncError."""
        busy, runs = await self._busy(), {e.finding.branch: e.runs for e in self.board.entries()}
        try:
            listed = await self.client.branches.list(self.config.project.ref)
        except SupasyncError as error:
            for name in self.board.names():
                self._tell(Finding(branch=name, reason=error.message, at=self.clock.now()))
            raise
        self.learned(listed)
        findings = await self.detector.look(listed)
        still = await self._busy()
        await self._learn()
        self.board.synced(await asyncio.to_thread(self.synced))
        for finding in findings:
            name = finding.branch
            if name in busy - still or self._overtaken(name, runs[name]):
                continue  # a look tells what was, and a run that has ended since what is
            waits = self.board.waits_for(name)
            self._tell(finding)
            if name in still:
                self.board.waits(name, waits or ON_ITS_WAY)
            elif finding.verdict is Verdict.OUT_OF_SYNC or self._unfinished(finding):
                self._wait(name, await self._heal(finding), before=waits)
        self.board.looked_at = self.clock.now()
        return findings

    def _wait(self, name: str, reason: str, *, before: str) -> None:
        self.board.waits(name, reason)
        if reason not in {before, ON_ITS_WAY}:
            logger.info("a sync waits", extra={"branch": name, "reason": reason})

    async def _busy(self) -> set[str]:
        """Branches with a job that waits or runs, on whichever machine."""
        return {each.branch for each in await self.queue.open()}

    def _overtaken(self, name: str, runs: int) -> bool:
        """Whether a run of this process knows better than a look. runs: as it began."""
        entry = self.board.entry(name)
        return entry is not None and (entry.running or entry.runs != runs)

    async def _heal(self, finding: Finding) -> str:
        """Begins a sync, or says why there is none now."""
        if not self.config.branches[finding.branch].auto_sync_schema:
            return ONLY_REPORTED
        if reason := windows.closed(self.config.watch, self.clock.now()):
            return reason
        prefix = f"drift:{finding.ref}:{finding.main[:16]}:"
        earlier = await self.queue.of(prefix)
        plan = _plan(finding)
        known = [_attempt(each, prefix) for each in earlier]
        if (last := self._unfinished(finding)) and all(last.ended != each.ended for each in known):
            known.append(last)
        seed = await asyncio.to_thread(seed_digest, self.config, finding.branch)
        now, interval = self.clock.now(), self.config.watch.interval
        decided = attempts.decide(known, plan, now, interval, seed=seed)
        if not decided.now:
            return decided.reason
        differs = finding.verdict is Verdict.OUT_OF_SYNC
        logger.info(
            "a difference is synced" if differs else "a sync that was not finished is made again",
            extra={"branch": finding.branch, "objects": len(finding.objects)},
        )
        request = Request(branch=finding.branch, trigger=Trigger.DRIFT)
        number = 1 + max((_number(each) for each in earlier), default=0)
        await self.queue.enqueue(f"{prefix}{plan}:{seed}:{number}", request)
        return ON_ITS_WAY

    async def _learn(self) -> None:
        """How the newest sync of each branch ended, on whichever machine."""
        newest = max((each.ended or 0.0 for each in self._last.values()), default=0.0)
        for job in await self.queue.ended(newest - _CLOCKS_APART):
            known = self._last.get(job.branch)
            if job.action != Action.SYNC or job.result is None or job.result.code == HELD:
                continue
            if known is None or (known.ended or 0.0) < (job.ended or 0.0):
                self._last[job.branch] = Attempt(plan="", ended=job.ended, code=job.result.code)

    def _unfinished(self, finding: Finding) -> Attempt | None:
        """The last sync of a branch whose schema is in sync, when that sync did not get further
        for want of an answer. Where no job tells of the newest one, the history does."""
        if finding.verdict is not Verdict.SYNCED:
            return None
        if not self.config.branches[finding.branch].auto_sync_schema:
            return None
        last, entry = self._last.get(finding.branch), self.board.entry(finding.branch)
        sync = entry.last_sync if entry else None
        if sync is not None and (last is None or (last.ended or 0.0) < sync.at):
            last = Attempt(plan="", ended=sync.at, code=sync.code or 0)
        return last if last is not None and last.code in attempts.UNFINISHED else None

    def _tell(self, finding: Finding) -> None:
        entry = self.board.entry(finding.branch)
        before = entry.finding if entry else None
        self.board.found(finding)
        self.seen(finding)
        if before and (before.verdict, before.reason, before.objects) == (
            finding.verdict,
            finding.reason,
            finding.objects,
        ):
            return
        logger.info(
            "a branch was looked at",
            extra={
                "branch": finding.branch,
                "sync_status": finding.verdict,
                "reason": finding.reason,
                "objects": list(finding.objects[:20]),
                "drift": len(finding.objects),
            },
        )


def _plan(finding: Finding) -> str:
    return hashlib.sha256("\0".join(finding.objects).encode()).hexdigest()[:16]


def _number(job: Job) -> int:
    """Of an attempt; older ones may be forgotten."""
    return int(job.id.rpartition(":")[2])


def _attempt(job: Job, prefix: str) -> Attempt:
    plan, seed, *_ = job.id.removeprefix(prefix).split(":")  # an older version's has no seed
    if job.open:
        return Attempt(plan=plan, ended=None)
    code = job.result.code if job.result else 1
    return Attempt(plan=plan, seed=seed, ended=job.ended or job.created, code=code)
