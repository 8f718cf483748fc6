"""A run says from time to time that it is still running, so that one that was killed is known."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from supasync.errors import UnknownError
from supasync.history.model import Begun
from supasync.history.store import History

SECONDS = 20.0


@asynccontextmanager
async def beating(
    history: History, begun: Begun, attempt: int | None, seconds: float
) -> AsyncIterator[None]:
    """As long as it is open, every so many seconds. attempt: None for a run whose beginning could
    not be recorded. What cannot be written is not told: the run's end will be, or tells why not."""
    if attempt is None:
        yield
        return

    async def beat() -> None:
        while True:
            await asyncio.sleep(seconds)
            with suppress(UnknownError):
                await asyncio.to_thread(history.beat, begun, attempt)

    task = asyncio.create_task(beat())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait({task})
