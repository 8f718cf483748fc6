"""The limiter against the sandbox's, in a time of their own: nothing is sent to be refused."""

from __future__ import annotations

import asyncio
import heapq
import random
from collections.abc import Awaitable
from typing import TypeVar

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from supasync.api.call import Call
from supasync.api.limits import PROBE_SECONDS, Limits
from supasync.errors import RateLimited
from supasync.sandbox.limits import LIMIT, Limiter

T = TypeVar("T")
CALL = Call(method="POST", route="/v1/projects/{ref}/database/query", path={"ref": "a"})
FOREVER = float("inf")
TRAVEL = 2.0
"""Seconds that a request is on its way at most, before the platform counts it."""


class VirtualClock:
    """Time goes on to the next who sleeps when nobody else has anything to do."""

    def __init__(self) -> None:
        self.time = 1000.25
        self._sleeping: list[tuple[float, int, asyncio.Future[None]]] = []

    def now(self) -> float:
        return 1_800_000_000.0 + self.time

    def monotonic(self) -> float:
        return self.time

    async def sleep(self, seconds: float) -> None:
        woken = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleeping, (self.time + seconds, id(woken), woken))
        await woken

    async def run(self, work: Awaitable[T]) -> T:
        task, loop = asyncio.ensure_future(work), asyncio.get_running_loop()
        while not task.done():
            await asyncio.sleep(0)
            while loop._ready:  # noqa: ASYNC110 -- what is woken goes as far as it can
                await asyncio.sleep(0)
            if self._sleeping and not task.done():
                at, _, woken = heapq.heappop(self._sleeping)
                if not woken.done():  # else it was given up
                    self.time = max(self.time, at)
                    woken.set_result(None)
        return task.result()


class Platform:
    """Counts as the sandbox does, before it does what is asked."""

    def __init__(self, clock: VirtualClock, seed: int = 0) -> None:
        self.clock, self.random = clock, random.Random(seed)
        self.waits: list[tuple[str, float]] = []
        self.limits = Limits(clock, lambda reason, seconds: self.waits.append((reason, seconds)))
        self.limiter = Limiter(True, clock.monotonic)
        self.statuses: list[int] = []
        self.sent = 0
        self.sent_before_an_answer = 0

    def use(self, count: int) -> None:
        """By another machine of the same caller."""
        for _ in range(count):
            self.limiter.take(CALL.name, "a")

    async def call(self, slow: float = 0.2, deadline: float = FOREVER) -> None:
        async with self.limits.turn(CALL, deadline) as turn:
            self.sent += 1
            await self.clock.sleep(self.random.uniform(0, min(slow, TRAVEL)))
            passes, headers = self.limiter.take(CALL.name, "a")
            await self.clock.sleep(self.random.uniform(0, slow))
            self.sent_before_an_answer = self.sent_before_an_answer or self.sent
            self.statuses.append(200 if passes else 429)
            turn.answered(httpx.Response(self.statuses[-1], headers=headers))

    async def many(self, tasks: int, calls: int, slow: float = 0.2) -> None:
        async def one() -> None:
            for _ in range(calls):
                await self.call(slow)

        await asyncio.gather(*(one() for _ in range(tasks)))


@settings(max_examples=15, deadline=None)
@given(
    tasks=st.integers(1, 60),
    calls=st.integers(1, 8),
    slow=st.sampled_from([0.0, 0.05, 1.0, 20.0]),
    used=st.integers(0, LIMIT),
    seed=st.integers(0, 1000),
)
def test_nothing_is_refused(tasks: int, calls: int, slow: float, used: int, seed: int) -> None:
    async def run() -> None:
        clock = VirtualClock()
        platform = Platform(clock, seed)
        started = clock.monotonic()
        platform.use(used)
        await clock.run(platform.many(tasks, calls, slow))
        # what others used up cannot be known before the first answer
        unavoidable = max(0, used + platform.sent_before_an_answer - LIMIT)
        assert platform.statuses.count(429) <= unavoidable
        assert unavoidable <= (1 if slow <= PROBE_SECONDS / 2 else 60 / PROBE_SECONDS)
        windows = 1 + (used + tasks * calls) // LIMIT
        assert clock.monotonic() - started <= windows * (60 + 2 + 4 * slow) + calls * 2 * slow

    asyncio.run(run())


async def test_as_many_as_are_left_go_together() -> None:
    platform = Platform(clock := VirtualClock())
    started = clock.monotonic()
    await clock.run(platform.many(tasks=LIMIT, calls=1, slow=1.0))
    assert platform.statuses == [200] * LIMIT
    assert clock.monotonic() - started <= 4  # the first alone, the others at once


async def test_others_use_it_up_meanwhile() -> None:
    platform = Platform(clock := VirtualClock())
    await clock.run(platform.call())
    platform.use(LIMIT - 1)
    await clock.run(platform.many(tasks=20, calls=1, slow=0.0))
    # nobody could know; those on their way are refused together, and no more than these
    assert platform.statuses.count(429) <= 20
    refused = len(platform.statuses)
    await clock.run(platform.many(tasks=50, calls=1))
    assert platform.statuses[refused:] == [200] * 50


async def test_retry_after_holds_for_all() -> None:
    platform = Platform(clock := VirtualClock())
    platform.use(LIMIT)
    started = clock.monotonic()
    await clock.run(platform.call())
    assert platform.statuses == [429]
    await clock.run(platform.many(tasks=30, calls=1))
    assert platform.statuses[1:] == [200] * 30
    assert clock.monotonic() - started >= 60


async def test_a_deadline_that_is_too_soon() -> None:
    platform = Platform(clock := VirtualClock())
    platform.use(LIMIT)
    await clock.run(platform.call())
    sent = len(platform.statuses)
    with pytest.raises(RateLimited) as caught:
        await clock.run(platform.call(deadline=clock.monotonic() + 59))
    assert len(platform.statuses) == sent
    assert "Wait 60 s" in str(caught.value.remedy)


async def test_without_headers_nothing_is_held_back() -> None:
    limits, clock = Limits(VirtualClock()), VirtualClock()
    async with limits.turn(CALL, FOREVER) as turn:
        turn.answered(httpx.Response(200))
    on_their_way = [limits.turn(CALL, FOREVER) for _ in range(500)]
    for turn_ in on_their_way:
        await asyncio.wait_for(turn_.__aenter__(), 1)
    assert clock.monotonic() == VirtualClock().monotonic()


async def test_a_request_without_an_answer_counts_as_used() -> None:
    platform = Platform(clock := VirtualClock())
    await clock.run(platform.call())
    for _ in range(2):
        with pytest.raises(httpx.ReadError):
            async with platform.limits.turn(CALL, FOREVER):
                platform.use(1)
                raise httpx.ReadError("reset")
    await clock.run(platform.many(tasks=LIMIT, calls=1))
    assert 429 not in platform.statuses


def answer(remaining: int, reset: float) -> httpx.Response:
    headers = {"x-ratelimit-remaining": str(remaining), "x-ratelimit-reset": str(reset)}
    return httpx.Response(200, headers=headers)


async def test_an_answer_that_takes_long_holds_nobody_back() -> None:
    platform = Platform(clock := VirtualClock())
    started = clock.monotonic()

    async def long_statement() -> None:
        async with platform.limits.turn(CALL, FOREVER) as turn:
            await clock.sleep(60)
            turn.answered(answer(119, 60))

    async def another() -> float:
        await clock.sleep(0.1)
        await platform.call()
        return clock.monotonic() - started

    _, took = await clock.run(asyncio.gather(long_statement(), another()))
    assert took <= PROBE_SECONDS + 2
    assert platform.waits == []


async def test_a_window_ends_when_it_does_however_long_its_answers_take() -> None:
    platform = Platform(clock := VirtualClock())
    started = clock.monotonic()

    async def long_statement() -> None:
        async with platform.limits.turn(CALL, FOREVER) as turn:
            await clock.sleep(50)
            turn.answered(answer(0, 60))  # counted when it came

    await clock.run(long_statement())
    await clock.run(platform.call())
    assert 60 <= clock.monotonic() - started <= 70


async def test_those_on_their_way_do_not_make_the_next_window_wait() -> None:
    platform = Platform(clock := VirtualClock())
    started = clock.monotonic()
    platform.use(LIMIT - 2)

    async def long_statement() -> None:
        async with platform.limits.turn(CALL, FOREVER) as turn:
            platform.use(1)
            await clock.sleep(110)
            turn.answered(answer(0, 60))

    async def another() -> float:
        await platform.call()
        lasting = asyncio.ensure_future(long_statement())
        await clock.sleep(0.1)
        await platform.call()
        took = clock.monotonic() - started
        await lasting
        return took

    assert 60 <= await clock.run(another()) <= 64
    assert 429 not in platform.statuses


async def test_a_late_answer_of_a_window_that_is_over_tells_nothing() -> None:
    platform = Platform(clock := VirtualClock())

    async def late() -> None:
        async with platform.limits.turn(CALL, FOREVER) as turn:
            await clock.sleep(100)
            turn.answered(answer(0, 3))

    await clock.run(late())
    started = clock.monotonic()
    await clock.run(platform.call())
    assert clock.monotonic() - started < 1


@pytest.mark.parametrize(
    "headers",
    [
        {"x-ratelimit-remaining": "0"},
        {"x-ratelimit-reset": "60"},
        {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "1800000000"},  # seconds since 1970
        {"x-ratelimit-remaining": "none", "x-ratelimit-reset": "60"},
        {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "0"},
    ],
)
async def test_headers_that_say_nothing(headers: dict[str, str]) -> None:
    platform = Platform(clock := VirtualClock())
    started = clock.monotonic()
    for _ in range(3):
        async with asyncio.timeout(1):
            await clock.run(_answered(platform, httpx.Response(200, headers=headers)))
    assert clock.monotonic() - started <= 5
    assert platform.waits == []


async def _answered(platform: Platform, response: httpx.Response) -> None:
    async with platform.limits.turn(CALL, FOREVER) as turn:
        turn.answered(response)


async def test_what_was_never_sent_uses_nothing() -> None:
    platform = Platform(clock := VirtualClock())
    started = clock.monotonic()
    await clock.run(platform.call())
    for _ in range(LIMIT):
        async with platform.limits.turn(CALL, FOREVER) as turn:
            turn.unsent()
    await clock.run(platform.many(tasks=LIMIT - 1, calls=1))
    assert clock.monotonic() - started < 2
    assert 429 not in platform.statuses


async def test_a_wait_is_told_once() -> None:
    platform = Platform(clock := VirtualClock())
    await clock.run(platform.many(tasks=LIMIT + 60, calls=1))
    [(reason, seconds)] = platform.waits
    assert reason == f"the rate limit of {CALL.name}"
    assert 58 <= seconds <= 63


async def test_no_wait_is_told_where_there_is_none() -> None:
    platform = Platform(clock := VirtualClock())
    await clock.run(platform.many(tasks=LIMIT, calls=1, slow=1.0))
    assert platform.waits == []
