"""Fifty at once through the sandbox's limit of 120 a minute: real HTTP in a time of our own."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator

import httpx
import pytest
from pydantic import SecretStr

from supasync import api
from supasync.sandbox import Sandbox
from supasync.sandbox.limits import LIMIT
from supasync.sandbox.site import Options

BRANCHES, CALLS = 50, 7
CONNECTIONS = 20
"""At a time: one server shall do what fifty do on the platform, and takes 60."""


class JumpingClock:
    """The machine's clock, but who sleeps takes everybody along to the time when it wakes."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def now(self) -> float:
        return time.time() + self.ahead

    def monotonic(self) -> float:
        return time.monotonic() + self.ahead

    async def sleep(self, seconds: float) -> None:
        wakes = self.monotonic() + seconds
        await asyncio.sleep(0)
        self.ahead += max(0.0, wakes - self.monotonic())


class Counting(httpx.AsyncHTTPTransport):
    """Counts answers by status."""

    def __init__(self) -> None:
        super().__init__(limits=httpx.Limits(max_connections=CONNECTIONS))
        self.statuses: Counter[int] = Counter()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        response = await super().handle_async_request(request)
        self.statuses[response.status_code] += 1
        return response


@pytest.fixture(scope="module")
def clock() -> JumpingClock:
    return JumpingClock()


@pytest.fixture(scope="module")
def box(clock: JumpingClock) -> Iterator[Sandbox]:
    """With one branch: each bucket is asked for by all fifty, not by one."""
    options = Options(
        branches=("testing",), example=False, rate_limits=True, monotonic=clock.monotonic
    )
    box = Sandbox(options)
    yield box
    box.close()


@pytest.fixture
def transport() -> Counting:
    return Counting()


@pytest.fixture
async def client(
    box: Sandbox, clock: JumpingClock, transport: Counting
) -> AsyncIterator[api.Client]:
    async with api.Client(
        api_url=box.api_url,
        token=SecretStr(box.access_token),
        production_ref=box.main.ref,
        clock=clock,
        transport=transport,
    ) as client:
        yield client


async def sync(client: api.Client, main: str, branch: str) -> None:
    """What a sync of one branch asks the platform for."""
    await client.branches.list(main)
    await client.branches.get(branch)
    await client.production.fetch("select 'objects'::text")
    for _ in range(3):
        await client.database(branch).fetch("select 'look'::text")
    await client.database(branch).run("select 'written'::text")


async def test_fifty_branches(
    box: Sandbox, client: api.Client, transport: Counting, clock: JumpingClock
) -> None:
    started = clock.monotonic()
    main, branch = box.main.ref, box.branches["testing"].ref
    async with asyncio.TaskGroup() as group:
        for _ in range(BRANCHES):
            group.create_task(sync(client, main, branch))
    assert client.calls.total() == transport.statuses.total() == BRANCHES * CALLS
    assert transport.statuses[429] == 0
    assert max(client.calls.values()) > LIMIT, "the limit was reached"
    assert 60 < clock.monotonic() - started < 400
