"""Work that several branches need and that is done once per run."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

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
        """Ends work that nobody waits for any more."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
