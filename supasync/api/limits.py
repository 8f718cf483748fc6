"""Waiting before the platform has to refuse, as its answers' headers say.

Every answer carries x-ratelimit-remaining and x-ratelimit-reset (seconds) for its bucket:
caller × project × endpoint, 120 requests in 60 seconds. What others of the same caller use up shows
only in answers. So the first request of a window goes alone, and its answer says how many may
follow; requests on their way count as used until their answers say what was left.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from random import SystemRandom

import httpx

from supasync.api.call import Call
from supasync.api.retry import JITTER_SECONDS, number, retry_after
from supasync.errors import RateLimited
from supasync.ports import Clock

_ROUNDING_SECONDS = 1.0
"""x-ratelimit-reset is in whole seconds; nothing says whether they are rounded up or down."""


@dataclass
class _Bucket:
    """Times are the clock's monotonic seconds.

    remaining: the least that an answer of this window told; None when none has. ends: when the
    window does, as (not before, not after). held: until when Retry-After forbids everything.
    told: whether answers have the headers at all. probing: the window's first request is on its
    way.
    """

    remaining: int | None = None
    ends: tuple[float, float] = (0.0, 0.0)
    held: float = 0.0
    told: bool = True
    probing: bool = False
    sent: int = 0
    queue: asyncio.Lock = field(default_factory=asyncio.Lock)
    answered: asyncio.Event = field(default_factory=asyncio.Event)

    def turn(self, now: float) -> None:
        """Forget a window that is over."""
        if self.remaining is not None and now >= self.ends[1]:
            self.remaining, self.probing = None, False

    def free(self) -> bool:
        if self.remaining is None:
            return not (self.told and self.probing)
        return self.remaining > self.sent

    def observe(self, sent: float, received: float, headers: httpx.Headers) -> None:
        """Learn from an answer. sent, received: when its request was, and it itself."""
        remaining = number(headers, "x-ratelimit-remaining")
        reset = number(headers, "x-ratelimit-reset")
        self.told = remaining is not None and reset is not None
        if remaining is None or reset is None:
            return
        first, last = sent + reset - _ROUNDING_SECONDS, received + reset + _ROUNDING_SECONDS
        if self.remaining is None or first > self.ends[1]:  # the first answer of a window
            self.remaining, self.ends = int(remaining), (first, last)
        elif last >= self.ends[0]:  # else it is a late one of a window that is over
            self.remaining = min(self.remaining, int(remaining))
            self.ends = max(first, self.ends[0]), min(last, self.ends[1])


class Turn:
    """The right to send one request."""

    def __init__(self, bucket: _Bucket, clock: Clock) -> None:
        self._bucket, self._clock = bucket, clock
        self._sent = clock.monotonic()
        self._probes = bucket.remaining is None
        self._answered = False
        bucket.sent += 1
        bucket.probing = bucket.probing or self._probes

    def answered(self, response: httpx.Response) -> None:
        """To be called with the answer's head."""
        self._answered = True
        received = self._clock.monotonic()
        self._bucket.observe(self._sent, received, response.headers)
        if response.status_code == 429:
            asked = retry_after(response.headers, self._clock.now()) or 0.0
            self._bucket.held = max(self._bucket.held, received + asked)

    def end(self) -> None:
        bucket = self._bucket
        bucket.sent -= 1
        if self._probes:
            bucket.probing = False
        if not self._answered and bucket.remaining is not None:
            bucket.remaining = max(0, bucket.remaining - 1)  # it may have been counted
        bucket.answered.set()


class Limits:
    """When the next request of each bucket may go: first come, first served."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._random = SystemRandom()
        self._buckets: dict[tuple[str, str], _Bucket] = defaultdict(_Bucket)

    @asynccontextmanager
    async def turn(self, call: Call, deadline: float) -> AsyncIterator[Turn]:
        """Wait until the call may be sent; the bucket hears of its answer through the Turn.

        deadline: in the clock's monotonic seconds.
        Raises: RateLimited at once when the call may be sent only after the deadline.
        """
        bucket = self._buckets[call.bucket]
        async with bucket.queue:
            await self._wait(bucket, call, deadline)
            turn = Turn(bucket, self._clock)
        try:
            yield turn
        finally:
            turn.end()

    async def _wait(self, bucket: _Bucket, call: Call, deadline: float) -> None:
        while True:
            now = self._clock.monotonic()
            bucket.turn(now)
            opens = bucket.held
            if opens <= now:
                if bucket.free():
                    return
                if bucket.sent:
                    bucket.answered.clear()
                    await bucket.answered.wait()
                    continue
                opens = bucket.ends[1]
            if opens > deadline:
                raise RateLimited(
                    "The rate limit is used up",
                    status=429,
                    route=call.name,
                    remedy=f"Wait {opens - now:.0f} s and run the command again.",
                )
            await self._clock.sleep(opens - now + self._random.uniform(0, JITTER_SECONDS))
