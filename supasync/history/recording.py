"""A run on its way into the history."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from supasync.errors import UnknownError
from supasync.events import Summary
from supasync.history.model import Begun
from supasync.history.store import History


@asynccontextmanager
async def recorded(
    history: History, begun: Begun, summary: Summary, tell: Callable[[str], None]
) -> AsyncIterator[None]:
    """Notes that the run begins, and at the end, also an interrupted one's, what the summary has
    by then. What cannot be recorded is told, and does not hold the run up."""
    attempt = None
    try:
        attempt = await asyncio.to_thread(history.begin, begun)
    except UnknownError as error:
        tell(_told(error))
    try:
        yield
    finally:
        if summary.started is not None:
            document = summary.to_json(sql=False)
            try:
                await asyncio.to_thread(history.end, begun, attempt, document)
            except UnknownError as error:
                tell(_told(error))


def _told(error: UnknownError) -> str:
    return f"the run could not be recorded: {error.message}"
