"""Waiting before the platform has to refuse, as its answers' headers say.

Every answer carries x-ratelimit-remaining and x-ratelimit-reset (seconds) for its bucket:
caller × project × endpoint, 120 requests in 60 seconds.
"""

from __future__ import annotations

import httpx

from supasync.api.retry import number
from supasync.errors import RateLimited
from supasync.ports import Clock


class Limits:
    """When the next request of each bucket may go."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._open_at: dict[str, float] = {}

    def observe(self, bucket: str, headers: httpx.Headers) -> None:
        """Remember what an answer said about its bucket."""
        reset = number(headers, "x-ratelimit-reset")
        if number(headers, "x-ratelimit-remaining") == 0 and reset is not None:
            self._open_at[bucket] = self._clock.monotonic() + reset
        else:
            self._open_at.pop(bucket, None)

    async def wait(self, bucket: str, deadline: float) -> None:
        """Sleep until the bucket is open. deadline: in the clock's monotonic seconds.

        Raises: RateLimited at once when it opens only after the deadline.
        """
        opens = self._open_at.get(bucket, 0.0)
        seconds = opens - self._clock.monotonic()
        if seconds <= 0:
            return
        if opens > deadline:
            raise RateLimited(
                "The rate limit is used up",
                status=429,
                route=bucket,
                remedy=f"Wait {seconds:.0f} s and run the command again.",
            )
        await self._clock.sleep(seconds)
