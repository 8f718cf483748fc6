"""What the service asks of whatever keeps its jobs."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class Trigger(StrEnum):
    """PUSH: a delivery of a webhook. DRIFT: a difference was detected. MANUAL: somebody asked for
    it."""

    PUSH = "push"
    DRIFT = "drift"
    MANUAL = "manual"


class Action(StrEnum):
    """What is done. All but SYNC are only ever asked for by somebody."""

    SYNC = "sync"
    DRY_RUN = "dry-run"
    RESEED = "reseed"
    UNDO = "undo"


class Status(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    ENDED = "ended"
    CANCELLED = "cancelled"
    LOST = "lost"
    """The engine gave it up: a fault of this program's."""


@dataclass(frozen=True, kw_only=True)
class Request:
    """branch: the configuration's section."""

    branch: str
    trigger: Trigger
    action: Action = Action.SYNC


@dataclass(frozen=True, kw_only=True)
class Result:
    """How a sync ended. code: its exit code. run: its id in the history.

    held: why it did not begin; it is then neither a success nor a failure.
    """

    code: int
    verdict: str = ""
    reason: str = ""
    run: str = ""
    held: str = ""

    @property
    def succeeded(self) -> bool:
        return self.code == 0 and not self.held


@dataclass(frozen=True, kw_only=True)
class Job:
    """created, ended: seconds since the epoch. result: once it has ended."""

    id: str
    status: Status
    created: float
    branch: str = ""
    trigger: str = ""
    action: str = Action.SYNC
    ended: float | None = None
    result: Result | None = None

    @property
    def open(self) -> bool:
        return self.status in {Status.WAITING, Status.RUNNING}

    @property
    def succeeded(self) -> bool:
        return self.result is not None and self.result.succeeded


Work = Callable[[Request, str], Awaitable[Result]]
"""Does a sync. Its second argument is the run's id, the same when a job is taken up again."""


class Jobs(Protocol):
    """Jobs of one branch run one after the other, those of different branches side by side.

    An id names one job for ever: giving it again changes nothing.
    """

    async def enqueue(self, id_: str, request: Request) -> None:
        """As soon as the branch is free. Stored when this returns."""

    async def schedule(self, id_: str, request: Request) -> bool:
        """A sync, once a burst is over: with all others that were scheduled for the branch
        meanwhile it becomes one sync. Stored when this returns; False when there is one of this id
        already.

        Raises: UnknownError when it could not be stored.
        """

    async def status(self, id_: str) -> Job | None: ...

    async def cancel(self, id_: str) -> bool:
        """False when it does not wait any more."""

    async def open(self) -> list[Job]:
        """Those that wait or run; of a burst the newest, which stands for all of it."""

    async def of(self, prefix: str) -> list[Job]:
        """Those that were enqueued with an id that begins so, oldest first."""

    async def ended(self, since: float) -> list[Job]:
        """The newest thousand of those that ended since then with a result. since: seconds since
        the epoch."""

    async def forget(self, before: float) -> None:
        """Those that came before and have ended. before: seconds since the epoch."""
