"""A run on its way into the history."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager

from supasync.errors import UnknownError
from supasync.events import Summary
from supasync.history import beating
from supasync.history.model import Begun
from supasync.history.store import History


@asynccontextmanager
async def recorded(
    history: History,
    begun: Begun,
    summary: Summary,
    tell: Callable[[str], None],
    *,
    without: Callable[[], Collection[str]] = tuple,
    beat: float = beating.SECONDS,
) -> AsyncIterator[None]:
    """Notes that the run begins, every `beat` seconds that it runs, and at the end, also an
    interrupted one's, what the summary has by then. That it could not be recorded is told at the
    end, and is no failure of the run. without: names which by the end are known to be no branches.
    """
    try:
        attempt: int | None = await asyncio.to_thread(history.begin, begun)
    except UnknownError:
        attempt = None  # the end brings it all, or tells why not
    try:
        async with beating.beating(history, begun, attempt, beat):
            yield
    finally:
        if summary.started is not None:
            document = summary.to_json(sql=False)
            try:
                await asyncio.to_thread(history.end, begun, attempt, document, without())
            except UnknownError as error:
                tell(f"the run could not be recorded: {error.message}")
