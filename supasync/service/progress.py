"""What the worker is doing, as the page follows it: each branch's present run, or its last one."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace

from supasync.events import (
    BranchSummary,
    Emit,
    Event,
    Phase,
    PhaseFinished,
    PhaseStarted,
    PlanMade,
    RunFinished,
    Summary,
    Waiting,
)
from supasync.service.jobs.port import Request

SQL_KEPT = 200_000
"""Characters of a plan's script that are kept to be shown."""


@dataclass
class Activity:
    """One run on one branch, as far as it has come. began: seconds since the epoch.

    phase: what it does now. told: what the platform does meanwhile, "" when nothing is waited for.
    """

    request: Request
    run_id: str
    began: float
    phase: Phase | None = None
    told: str = ""
    over: bool = False
    summary: Summary = field(default_factory=Summary)

    @property
    def branch(self) -> BranchSummary:
        return self.summary.of(self.request.branch)

    def add(self, event: Event) -> None:
        mine = getattr(event, "branch", None) == self.request.branch
        match event:
            case PhaseStarted() if mine:
                self.phase, self.told = event.phase, ""
            case PhaseFinished() if mine:
                self.phase, self.told = None, ""
            case Waiting() if mine:
                self.told = event.message
            case RunFinished():
                self.over = True
            case _:
                pass
        shortened(self.summary)(event)


class Progress:
    """Of one process. It is told events and followed in the same event loop."""

    def __init__(self) -> None:
        self._activities: dict[str, Activity] = {}
        self._changed = asyncio.Event()
        self.closed = False

    def begin(self, request: Request, run_id: str, at: float) -> Activity:
        """What of a branch is shown from now on; it takes the run's events by `tell`."""
        activity = Activity(request=request, run_id=run_id, began=at)
        self._activities[request.branch] = activity
        self._notify()
        return activity

    def tell(self, activity: Activity, event: Event) -> None:
        activity.add(event)
        self._notify()

    def of(self, branch: str) -> Activity | None:
        return self._activities.get(branch)

    async def changes(self, patience: float) -> AsyncIterator[None]:
        """Yields at once, then after each change of any branch or `patience` seconds without one;
        several changes may be told as one. Ends when the service does."""
        while not self.closed:
            changed = self._changed
            yield
            try:
                await asyncio.wait_for(changed.wait(), patience)
            except TimeoutError:
                continue

    def close(self) -> None:
        """Ends what follows it."""
        self.closed = True
        self._notify()

    def _notify(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()


def shortened(emit: Emit) -> Emit:
    """A reader that gets plans with so much of their SQL as may be kept."""

    def tell(event: Event) -> None:
        emit(replace(event, sql=_cut(event.sql)) if isinstance(event, PlanMade) else event)

    return tell


def _cut(sql: str) -> str:
    if len(sql) <= SQL_KEPT:
        return sql
    whole = sql[:SQL_KEPT].rpartition("\n")[0]
    return f"{whole}\n\n-- cut here; `supasync branches diff NAME --sql` shows all of it\n"
