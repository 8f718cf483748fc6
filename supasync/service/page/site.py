"""What the pages are made of."""

from __future__ import annotations

from dataclasses import dataclass

from supasync.history import History
from supasync.service.app import Parts
from supasync.service.board import Entry
from supasync.service.health import Health, of_entry
from supasync.service.jobs.port import Job, Status
from supasync.service.page.plans import Plans
from supasync.service.page.sessions import Sessions
from supasync.service.page.tries import Tries
from supasync.service.progress import Progress


@dataclass(frozen=True, kw_only=True)
class Row:
    """A branch as it is now. jobs: its own that wait or run."""

    entry: Entry
    jobs: tuple[Job, ...]

    @property
    def health(self) -> Health:
        return of_entry(self.entry, running=self.running)

    @property
    def running(self) -> bool:
        return any(job.status is Status.RUNNING for job in self.jobs)

    @property
    def name(self) -> str:
        return self.entry.finding.branch


class Site:
    """parts: what the API works with too."""

    def __init__(self, *, parts: Parts, progress: Progress, history: History, plans: Plans) -> None:
        self.parts = parts
        self.board, self.jobs = parts.board, parts.jobs
        self.token, self.clock = parts.token, parts.clock
        self.progress, self.history, self.plans = progress, history, plans
        self.sessions = Sessions(parts.clock, parts.token.session_key())
        self.tries = Tries(parts.clock)

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
    return Row(entry=entry, jobs=own)
