"""Work that several branches need and that is done once per run."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, NoReturn, TypeVar

T = TypeVar("T")


class Once(Generic[T]):
    """Awaiting `get` starts the work the first time; all get the same result, or error."""

    def __init__(self, work: Callable[[], Awaitable[T]]) -> None:
        self._work = work
        self._task: asyncio.Future[T] | None = None

    def start(self) -> asyncio.Future[T]:
        if self._task is None:
            self._task = asyncio.ensure_future(self._work())
        return self._task

    async def get(self) -> T:
        # One caller's cancellation must not take the result from the others.
        return await asyncio.shield(self.start())

    @property
    def result(self) -> T | None:
        """The result if there is one already; None when not done or failed."""
        task = self._task
        if task is None or not task.done() or task.cancelled() or task.exception():
            return None
        return task.result()

    async def aclose(self) -> None:
        """Ends work that nobody waits for any more, and lets go of it and of its result.

        The work may be a method of who has this, which the two would keep in memory with all that
        the run has found, long after the run.
        """
        task, self._task, self._work = self._task, None, _closed
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


async def _closed() -> NoReturn:
    raise RuntimeError("this was closed")
