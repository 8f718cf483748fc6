"""The sandbox's time, which tests move: who waits for tomorrow is woken by `advance`.

PostgreSQL and the Auth API keep the machine's time.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime


class MovableClock:
    """Implements `ports.Clock`; belongs to one event loop. monotonic: what it moves ahead of."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self.ahead = 0.0
        self._monotonic = monotonic
        self._moved = asyncio.Event()

    def now(self) -> float:
        return time.time() + self.ahead

    def monotonic(self) -> float:
        return self._monotonic() + self.ahead

    def stamp(self) -> str:
        """This moment as the API writes it: UTC with milliseconds."""
        moment = datetime.fromtimestamp(self.now(), UTC)
        return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")

    async def sleep(self, seconds: float) -> None:
        wakes = self.monotonic() + seconds
        await asyncio.sleep(0)
        while (left := wakes - self.monotonic()) > 0:
            moved = self._moved
            with suppress(TimeoutError):
                async with asyncio.timeout(left):
                    await moved.wait()

    def advance(self, seconds: float) -> None:
        """Raises: ValueError when that is not forward."""
        if not 0 <= seconds < float("inf"):
            raise ValueError(f"time only goes forward, not by {seconds}")
        self.ahead += seconds
        self._moved.set()
        self._moved = asyncio.Event()
