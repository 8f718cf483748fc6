"""Does one job: waits for the platform, syncs as `branches sync` does, keeps the history.

It raises nothing but cancellation: how a job ended is its result.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from supasync import api
from supasync.config import Config
from supasync.errors import ConfigError, LeaseHeld, SupasyncError, UnknownError
from supasync.events import Event, Notice, Summary, last_syncs
from supasync.ports import Clock
from supasync.service import detect, platform_run, windows
from supasync.service.attempts import HELD
from supasync.service.board import Board
from supasync.service.jobs.port import Request, Result, Trigger
from supasync.sync import job, outcome, pipeline
from supasync.sync.context import Run
from supasync.sync.lifecycle import ready
from supasync.sync.record import FileStore

logger = logging.getLogger(__name__)

PAUSES = (10.0, 20.0, 40.0, 80.0, 160.0)
"""Seconds between tries: altogether longer than the lease of a sync that died."""

ONLY_REPORTED = "auto_sync_schema = false: differences are only reported"

_AGAIN = frozenset({UnknownError.exit_code, LeaseHeld.exit_code})


@dataclass(frozen=True, kw_only=True)
class Ran:
    """How one try of a job ended. seconds: it took, the wait for the platform's own run included.
    again: whether another try follows."""

    request: Request
    result: Result
    seconds: float
    again: bool

    @property
    def outcome(self) -> Literal["succeeded", "failed", "unknown", "reported"]:
        """unknown: it could not be found out, or another sync held the branch."""
        if self.result.held:
            return "reported"
        if self.result.code in _AGAIN:
            return "unknown"
        return "failed" if self.result.code else "succeeded"


@dataclass(frozen=True, kw_only=True)
class Worker:
    """ran: hear of each try."""

    client: api.Client
    config: Config
    store: FileStore
    clock: Clock
    board: Board
    ran: tuple[Callable[[Ran], None], ...] = ()

    async def __call__(self, request: Request, run_id: str) -> Result:
        """See jobs.port.Work. A run that an earlier process began goes on under its own id: it
        gets its lease back, and what it has written it does not write again."""
        name = request.branch
        if name not in self.config.branches:
            return Result(code=ConfigError.exit_code, reason=f"{name} is not configured any more")
        if reason := windows.closed(self.config.watch, self.clock.now()):
            self.board.waits(name, reason)
            return Result(code=HELD, held=reason)
        for pause in PAUSES:
            result = await self._try(request, run_id, last=False)
            if result.code not in _AGAIN:
                return result
            self.board.waits(name, f"{result.reason}; again in {pause:.0f} s")
            await self.clock.sleep(pause)
        return await self._try(request, run_id, last=True)

    async def _try(self, request: Request, run_id: str, *, last: bool) -> Result:
        began = self.clock.monotonic()
        result = await self._result(request, run_id)
        seconds = self.clock.monotonic() - began
        again = result.code in _AGAIN and not last
        for hears in self.ran:
            hears(Ran(request=request, result=result, seconds=seconds, again=again))
        return result

    async def _result(self, request: Request, run_id: str) -> Result:
        facts = {"branch": request.branch, "run": run_id}
        try:
            if request.trigger is Trigger.PUSH:
                await self._platform(request.branch)
            return await self._sync(request, run_id)
        except SupasyncError as error:
            logger.warning("a run failed", extra=facts | {"reason": error.message})
            return Result(code=error.exit_code, reason=error.message, run=run_id)
        except Exception as error:
            logger.exception("a run failed", extra=facts)
            told = f"unexpected {type(error).__name__}"
            return Result(code=outcome.code_of(error), reason=told, run=run_id)

    async def _platform(self, name: str) -> None:
        listed = await self.client.branches.list(self.config.project.ref)
        found = ready.meant(name, listed, self.config)
        if found:
            self.board.waits(name, "waiting for the platform's own run after the push")
            await platform_run.over(self.client, found[0], self.clock, _tell(name))

    async def _sync(self, request: Request, run_id: str) -> Result:
        name = request.branch
        wanted = job.SYNC if self.config.branches[name].auto_sync_schema else job.STATUS
        summary = Summary()

        def emit(event: Event) -> None:
            summary(event)
            if isinstance(event, Notice):
                logger.info("notice", extra={"branch": event.branch, "told": event.message})

        facts = {"branch": name, "run": run_id}
        logger.info("a run begins", extra=facts | {"trigger": request.trigger})
        seeds = pipeline.scripts(self.config, [name]) if wanted.seed else {}
        try:
            code = await pipeline.run_job(
                wanted,
                [name],
                run=Run(emit=emit, id=run_id),
                config=self.config,
                client=self.client,
                store=self.store,
                seeds=seeds,
            )
        finally:  # an interrupted run too has done something
            self._record(name, summary, wrote=wanted.write)
        done = summary.branches[name].finished
        reported = wanted is job.STATUS and code == job.STATUS.different
        result = Result(
            code=0 if reported else code,
            held=ONLY_REPORTED if reported else "",
            verdict=str(done.verdict or "") if done else "",
            reason=done.reason if done else "",
            run=run_id,
        )
        ended = {"sync_status": result.verdict, "code": code, "reason": result.reason}
        logger.info("a run ended", extra=facts | ended)
        return result

    def _record(self, name: str, summary: Summary, *, wrote: bool) -> None:
        document = summary.to_json(sql=False)
        if wrote:
            try:
                self.store.append(document)
            except OSError as error:
                logger.warning("the run could not be recorded", extra={"reason": str(error)})
        found = detect.of_run(summary.branches[name], self.clock.now())
        last = last_syncs([document]).get(name)
        self.board.ran(found, last)


def _tell(branch: str) -> Callable[[str], None]:
    return lambda told: logger.info("the platform's run", extra={"branch": branch, "told": told})
