"""What the pages are made of."""

from __future__ import annotations

from dataclasses import dataclass

from supasync.history import History
from supasync.ports import Clock
from supasync.service.board import Board, Entry
from supasync.service.health import Health, of_entry
from supasync.service.jobs.port import Job, Jobs, Status
from supasync.service.page.plans import Plans
from supasync.service.page.sessions import Sessions
from supasync.service.page.tries import Tries
from supasync.service.progress import Progress
from supasync.service.token import Token


@dataclass(frozen=True, kw_only=True)
class Row:
    """A branch as it is now. jobs: its own that wait or run."""

    entry: Entry
    health: Health
    jobs: tuple[Job, ...]

    @property
    def name(self) -> str:
        return self.entry.finding.branch


@dataclass(frozen=True, kw_only=True)
class Site:
    board: Board
    jobs: Jobs
    token: Token
    clock: Clock
    progress: Progress
    history: History
    plans: Plans
    sessions: Sessions
    tries: Tries

    async def rows(self) -> list[Row]:
        """In the order of the configuration."""
        jobs = await self.jobs.open()
        return [_row(entry, jobs) for entry in self.board.entries()]

    async def row(self, branch: str) -> Row | None:
        """None when no such branch is configured."""
        entry = self.board.entry(branch)
        return _row(entry, await self.jobs.open()) if entry else None


def _row(entry: Entry, jobs: list[Job]) -> Row:
    own = tuple(job for job in jobs if job.branch == entry.finding.branch)
    running = any(job.status is Status.RUNNING for job in own)
    return Row(entry=entry, health=of_entry(entry, running=running), jobs=own)
