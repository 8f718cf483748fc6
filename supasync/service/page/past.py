"""What the history tells of a branch, as the page shows it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from supasync.errors import SupasyncError
from supasync.history import BranchRun, History, Statistics
from supasync.service.page.plot import Plot, of_seconds

_RUNS = 60
"""Runs that are looked through, and syncs that are plotted at most."""

_SINCE_SECONDS = 30 * 86400


@dataclass(frozen=True, kw_only=True)
class Past:
    """runs: newest first. logins: the newest run that has any. unreadable: why nothing is known."""

    runs: tuple[BranchRun, ...] = ()
    statistics: Statistics | None = None
    plot: Plot | None = None
    logins: BranchRun | None = None
    unreadable: str = ""


async def read(history: History, branch: str, now: float) -> Past:
    try:
        return await asyncio.to_thread(_read, history, branch, now)
    except SupasyncError as error:
        return Past(unreadable=error.message)


def _read(history: History, branch: str, now: float) -> Past:
    runs = history.runs(branch, limit=_RUNS)
    return Past(
        runs=runs,
        statistics=history.statistics(branch, since=now - _SINCE_SECONDS),
        plot=of_seconds(runs),
        logins=next((run for run in runs if run.logins), None),
    )
