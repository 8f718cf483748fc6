"""Does one job: waits for the platform, does as the command of that name does, keeps the history.

It raises nothing but cancellation: how a job ended is its result.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from typing import Literal

from supasync import api, telemetry
from supasync.config import Config
from supasync.errors import ConfigError, SupasyncError, TargetMoved, UnknownError
from supasync.events import BranchSummary, Emit, Event, Notice, Summary, last_syncs
from supasync.history import History, following, recorded
from supasync.ports import Clock, Store
from supasync.service import detect, logs, platform_run, windows
from supasync.service.attempts import HELD, UNFINISHED
from supasync.service.board import Board, Finding
from supasync.service.jobs.port import Action, Request, Result, Trigger
from supasync.service.progress import Activity, Progress
from supasync.sync import job, outcome, pipeline
from supasync.sync.context import Options, Run
from supasync.sync.job import Job
from supasync.sync.lifecycle import ready
from supasync.sync.recorded import begun

logger = logging.getLogger(__name__)

PAUSES = (10.0, 20.0, 40.0, 80.0, 160.0)
"""Seconds between tries: altogether longer than the lease of a sync that died."""

APART_SECONDS = 0.1
"""Between the beginnings of runs: many at once would hold up the answers to deliveries."""

ONLY_REPORTED = "auto_sync_schema = false: differences are only reported"

_FOLLOWING = 1
"""How many runs may follow one, each as something moved meanwhile."""


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
        if self.result.code in UNFINISHED:
            return "unknown"
        return "failed" if self.result.code else "succeeded"


@dataclass(frozen=True, kw_only=True)
class Worker:
    """ran: hear of each try of a sync; what only looks or reseeds is none."""

    client: api.Client
    config: Config
    store: Store
    history: History
    clock: Clock
    board: Board
    progress: Progress = field(default_factory=Progress)
    ran: tuple[Callable[[Ran], None], ...] = ()
    _beginning: asyncio.Lock = field(default_factory=asyncio.Lock, init=False)

    async def __call__(self, request: Request, run_id: str) -> Result:
        """See jobs.port.Work. A run that an earlier process began goes on under its own id: it
        gets its lease back, and what it has written it does not write again. Should it have made
        its change, and production another one since, a second run brings that."""
        name = request.branch
        if name not in self.config.branches:
            return Result(code=ConfigError.exit_code, reason=f"{name} is not configured any more")
        manual = request.trigger is Trigger.MANUAL
        if not manual and (reason := windows.closed(self.config.watch, self.clock.now())):
            self.board.waits(name, reason)
            logger.info("a sync waits", extra={"branch": name, "reason": reason})
            return Result(code=HELD, held=reason)
        self.board.waits(name, "")
        for pause in PAUSES:
            result = await self._try(request, run_id, last=False)
            if result.code not in UNFINISHED:
                return result
            self.board.waits(name, f"{result.reason}; again in {pause:.0f} s")
            await self.clock.sleep(pause)
        return await self._try(request, run_id, last=True)

    async def _try(self, request: Request, run_id: str, *, last: bool) -> Result:
        began = self.clock.monotonic()
        result = await self._result(request, run_id)
        seconds = self.clock.monotonic() - began
        again = result.code in UNFINISHED and not last
        for hears in self.ran if request.action is Action.SYNC else ():
            hears(Ran(request=request, result=result, seconds=seconds, again=again))
        return result

    async def _result(self, request: Request, run_id: str) -> Result:
        facts = {"branch": request.branch, "run": run_id}
        try:
            if request.trigger is Trigger.PUSH:
                await self._platform(request.branch)
            return await self._sync(request, run_id)
        except SupasyncError as error:
            _go_on(error)
            logger.warning("a run failed", extra=facts | {"reason": error.message})
            return Result(code=error.exit_code, reason=error.message, run=run_id)
        except Exception as error:
            _go_on(error)
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
        """The runs that follow another have ids that follow from its: one that was killed holds the
        branch, and only a run of the same id goes on where it stopped."""
        number = await asyncio.to_thread(self._begun, run_id)
        result, moved = await self._run(request, following(run_id, number))
        for _ in range(_FOLLOWING):
            if not moved:
                break
            number += 1
            facts = {"branch": request.branch, "run": run_id, "next": following(run_id, number)}
            logger.info("another run follows", extra=facts | {"reason": result.reason})
            result, moved = await self._run(request, following(run_id, number))
        return result

    def _begun(self, run_id: str) -> int:
        """The number of the newest of a job's runs."""
        try:
            return next(n for n in count(1) if not self.history.has(following(run_id, n + 1)))
        except UnknownError:
            return 1  # a history that cannot be read stops no sync

    async def _run(self, request: Request, run_id: str) -> tuple[Result, bool]:
        """And whether another run could do what this one could not: it planned for a branch that
        was changed, or has made its one change for what production was then."""
        async with self._beginning:
            await self.clock.sleep(APART_SECONDS)
        name = request.branch
        wanted = self._wanted(request)
        scripts = partial(pipeline.scripts, self.config, [name])
        seeds = await asyncio.to_thread(scripts) if wanted.seed else {}
        activity = self.progress.begin(request, run_id, self.clock.now())
        facts = {"branch": name, "run": run_id}
        asked = {"trigger": request.trigger, "action": request.action}
        logger.info("a run begins", extra={**facts, **asked})
        options = Options(dry_run=request.action is Action.DRY_RUN)
        with self.board.running(name):
            try:
                with telemetry.traced(self._emit(activity), trigger=request.trigger) as emit:
                    run = Run(emit=emit, id=run_id, options=options)
                    async with self._recorded(run, wanted, request, activity.summary):
                        code = await pipeline.run_job(
                            wanted,
                            [name],
                            run=run,
                            config=self.config,
                            client=self.client,
                            store=self.store,
                            seeds=seeds,
                        )
            finally:  # an interrupted run too has found something
                self._show(name, activity.summary)
        done = activity.branch.finished
        reported = wanted is job.STATUS and code in (0, job.STATUS.different)
        result = Result(
            code=0 if reported else code,
            held=ONLY_REPORTED if reported else "",
            verdict=str(done.verdict or "") if done else "",
            reason=done.reason if done else "",
            run=run_id,
        )
        ended = {"sync_status": result.verdict, "code": code, "reason": result.reason}
        logger.info("a run ended", extra=facts | ended)
        moved = done is not None and done.error == TargetMoved.__name__
        return result, moved and wanted is job.SYNC

    def _emit(self, activity: Activity) -> Emit:
        def emit(event: Event) -> None:
            self.progress.tell(activity, event)
            if isinstance(event, Notice):
                logger.info("notice", extra={"branch": event.branch, "told": event.message})

        return emit

    def _wanted(self, request: Request) -> Job:
        match request.action:
            case Action.DRY_RUN:
                return job.SYNC_DRY_RUN
            case Action.RESEED:
                return job.SEED_RUN
            case Action.UNDO:
                return job.undo(job.Undo(), dry_run=False)
            case Action.SYNC:
                automatic = request.trigger is not Trigger.MANUAL
                only = automatic and not self.config.branches[request.branch].auto_sync_schema
                return job.STATUS if only else job.SYNC

    def _show(self, name: str, summary: Summary) -> None:
        if name in summary.branches:  # not when it was interrupted before it began
            last = last_syncs([summary.to_json(sql=False)]).get(name)
            self.board.ran(self._found(summary.branches[name]), last)

    def _found(self, branch: BranchSummary) -> Finding:
        """A run that was not about the schema leaves what is known of it, unless it changed it."""
        done, entry, at = branch.finished, self.board.entry(branch.name), self.clock.now()
        if done is None or done.verdict is not None or entry is None:
            return detect.of_run(branch, at)
        if not done.changed:
            return entry.finding
        reason = "not looked at since its schema was changed"
        return Finding(branch=branch.name, ref=done.ref, reason=reason, at=at)

    @asynccontextmanager
    async def _recorded(
        self, run: Run, wanted: Job, request: Request, summary: Summary
    ) -> AsyncIterator[None]:
        """A dry run is in no history. A look that a push led to is: its id was told."""
        if request.action is Action.DRY_RUN:
            yield
            return
        about = begun(run, wanted, [request.branch], trigger=request.trigger)
        async with recorded(self.history, about, summary, logs.warn):
            yield


def _go_on(error: Exception) -> None:
    """Whatever goes wrong while a run is interrupted: it is interrupted, and not tried again.

    Raises: asyncio.CancelledError."""
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError from error


def _tell(branch: str) -> Callable[[str], None]:
    return lambda told: logger.info("the platform's run", extra={"branch": branch, "told": told})
