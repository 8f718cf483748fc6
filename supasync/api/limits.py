"""Waiting before the platform has to refuse, as its answers' headers say.

Every answer carries x-ratelimit-remaining and x-ratelimit-reset (seconds) for its bucket:
caller × project × endpoint, 120 requests in 60 seconds, counted before they are carried out. What
others of the same caller use up shows only in answers. So the first request of a window goes alone,
and its answer says how many may follow; requests on their way count as used until their answers say
what was left.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from random import SystemRandom

import httpx

from supasync.api.call import Call
from supasync.api.retry import JITTER_SECONDS, number, retry_after
from supasync.errors import RateLimited
from supasync.ports import Clock

Waiting = Callable[[str, float], None]
"""Called before a wait that people notice: what is waited for, and the seconds."""

NOTICED_SECONDS = 2.0
"""Shorter waits are not told."""

PROBE_SECONDS = 5.0
"""How long others wait for the answer to a window's first request. It may be a statement that runs
for a minute; then the next one goes alone, too."""

_ROUNDING_SECONDS = 1.0
"""x-ratelimit-reset is in whole seconds; nothing says whether they are rounded up or down."""

_TRAVEL_SECONDS = 5.0
"""A request is counted at most so long after it was sent."""

_LONGEST_WINDOW_SECONDS = 3600.0
"""The platform's longest is three minutes. More is no number of seconds but a date."""


@dataclass
class _Bucket:
    """Times are the clock's monotonic seconds.

    remaining: the least that an answer of this window told; None when none has. ends: when the
    window does, as (not before, not after). held: until when Retry-After forbids everything.
    tells: whether answers have the headers at all. probed: until when the window's first request
    goes alone. announced: until when a wait was told.
    """

    remaining: int | None = None
    ends: tuple[float, float] = (0.0, 0.0)
    held: float = 0.0
    tells: bool = True
    probed: float = 0.0
    announced: float = 0.0
    sent: int = 0
    queue: asyncio.Lock = field(default_factory=asyncio.Lock)
    answered: asyncio.Event = field(default_factory=asyncio.Event)

    def opens(self, now: float) -> float:
        """From when on a request may go, as far as is known."""
        if self.remaining is not None and now >= self.ends[1]:
            self.remaining, self.probed = None, 0.0  # the window is over
        if self.held > now:
            return self.held
        if self.remaining is None:
            return self.probed if self.tells else now
        return now if self.remaining > self.sent else self.ends[1]

    def observe(self, sent: float, received: float, headers: httpx.Headers) -> None:
        """Learn from an answer. sent, received: when its request was, and it itself."""
        remaining = number(headers, "x-ratelimit-remaining")
        reset = number(headers, "x-ratelimit-reset")
        if remaining is None or reset is None or reset > _LONGEST_WINDOW_SECONDS:
            self.tells = False
            return
        self.tells = True
        first = sent + reset - _ROUNDING_SECONDS
        last = min(received, sent + _TRAVEL_SECONDS) + reset + _ROUNDING_SECONDS
        if last < received:
            return  # a late one of a window that is over
        if self.remaining is None or first > self.ends[1]:  # the first answer of a window
            self.remaining, self.ends = int(remaining), (first, last)
        elif last >= self.ends[0]:
            self.remaining = min(self.remaining, int(remaining))
            self.ends = max(first, self.ends[0]), min(last, self.ends[1])


class Turn:
    """The right to send one request."""

    def __init__(self, bucket: _Bucket, clock: Clock) -> None:
        self._bucket, self._clock = bucket, clock
        self._sent = clock.monotonic()
        self._probes = bucket.remaining is None
        self._may_count = True
        bucket.sent += 1
        if self._probes:
            bucket.probed = self._sent + PROBE_SECONDS

    def answered(self, response: httpx.Response) -> None:
        """To be called with the answer's head."""
        self._may_count = False  # the answer says what it left
        received = self._clock.monotonic()
        self._bucket.observe(self._sent, received, response.headers)
        if response.status_code == 429:
            asked = retry_after(response.headers, self._clock.now()) or 0.0
            self._bucket.held = max(self._bucket.held, received + asked)

    def unsent(self) -> None:
        """To be called when the request certainly never reached the platform."""
        self._may_count = False

    def end(self) -> None:
        bucket = self._bucket
        bucket.sent -= 1
        if self._probes:
            bucket.probed = 0.0
        if self._may_count and bucket.remaining is not None:
            bucket.remaining = max(0, bucket.remaining - 1)
        bucket.answered.set()


class Limits:
    """When the next request of each bucket may go: first come, first served."""

    def __init__(self, clock: Clock, waiting: Waiting | None = None) -> None:
        self._clock = clock
        self._waiting = waiting
        self._random = SystemRandom()
        self._buckets: dict[tuple[str, str], _Bucket] = defaultdict(_Bucket)

    def remaining(self) -> dict[str, int]:
        """Requests that the platform will still take in windows that are not over, by
        `METHOD /route/{template}`: the least of all projects'."""
        now, least = self._clock.monotonic(), dict[str, int]()
        for (route, _), bucket in self._buckets.items():
            if bucket.remaining is not None and now < bucket.ends[1]:
                least[route] = min(bucket.remaining, least.get(route, bucket.remaining))
        return least

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
        jitter = self._random.uniform(0, JITTER_SECONDS)
        while (opens := bucket.opens(now := self._clock.monotonic())) > now:
            if opens > deadline:
                raise RateLimited(
                    "The rate limit is used up",
                    status=429,
                    route=call.name,
                    remedy=f"Wait {opens - now:.0f} s and run the command again.",
                )
            self._tell(bucket, call, now, opens)
            await self._answer_or_time(bucket, opens - now + jitter)

    def _tell(self, bucket: _Bucket, call: Call, now: float, opens: float) -> None:
        """Once for each wait that is not for an answer on its way."""
        exhausted = bucket.remaining is not None or bucket.held > now
        least = max(now, bucket.announced) + NOTICED_SECONDS
        if self._waiting is not None and exhausted and opens > least:
            bucket.announced = opens
            self._waiting(f"the rate limit of {call.name}", opens - now)

    async def _answer_or_time(self, bucket: _Bucket, seconds: float) -> None:
        """Wait until the time is over, or an answer may have made that needless."""
        bucket.answered.clear()
        waits = {
            asyncio.ensure_future(self._clock.sleep(seconds)),
            asyncio.ensure_future(bucket.answered.wait()),
        }
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()
