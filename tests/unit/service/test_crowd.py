"""Who holds connections open, or asks much at once, holds up nobody else."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import httpx
import pytest
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from supasync.api.clock import SystemClock
from supasync.service import crowd, listen
from supasync.service.edge import Edge
from supasync.service.throttle import Throttle

HALF = b"POST /webhooks/github HTTP/1.1\r\nhost: x\r\n"
Half = tuple[asyncio.StreamReader, asyncio.StreamWriter]


async def answered(scope: Scope, receive: Receive, send: Send) -> None:
    """A delivery is answered once its body is there, as ours are."""
    while scope["method"] == "POST" and (await receive()).get("more_body"):
        pass
    await PlainTextResponse("here")(scope, receive, send)


@asynccontextmanager
async def served(trusted: Sequence[str] = ()) -> AsyncIterator[tuple[str, int]]:
    much = Throttle(10_000, SystemClock())
    listening = listen.bind("127.0.0.1", 0)
    edge = Edge(answered, webhooks=much, others=much, clock=SystemClock())
    async with listen.serving(edge, listening, trusted):
        yield listening.getsockname()[:2]


@asynccontextmanager
async def held(at: tuple[str, int], many: int, text: bytes = HALF) -> AsyncIterator[list[Half]]:
    connections = [await asyncio.open_connection(*at) for _ in range(many)]
    for _, writer in connections:
        writer.write(text)
    try:
        yield connections
    finally:
        for _, writer in connections:
            writer.close()


async def asked(at: tuple[str, int], address: str) -> int:
    transport = httpx.AsyncHTTPTransport(local_address=address)
    async with httpx.AsyncClient(transport=transport) as http:
        return (await http.get(f"http://{at[0]}:{at[1]}/")).status_code


async def closed(connections: Sequence[Half]) -> int:
    async def ends(reader: asyncio.StreamReader) -> bool:
        try:
            return await asyncio.wait_for(reader.read(), 0.3) == b""
        except TimeoutError:
            return False

    return sum(await asyncio.gather(*(ends(reader) for reader, _ in connections)))


async def test_half_heads_hold_up_nobody_and_are_closed_when_they_are_many(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "supasync")
    monkeypatch.setattr(crowd, "YOUNG_SECONDS", 60)
    async with served() as at, held(at, 300) as slow:
        assert await asked(at, "127.0.0.2") == 200
        assert await asked(at, "127.0.0.1") == 200
        monkeypatch.setattr(crowd, "YOUNG_SECONDS", 0)
        assert await asked(at, "127.0.0.1") == 200  # the youngest stays
        assert await closed(slow) == 300 - crowd.MOST + 1
    [told] = [each for each in caplog.records if each.message == "connections were closed"]
    assert (vars(told)["address"], vars(told)["many"]) == ("127.0.0.1", 300 - crowd.MOST + 1)


async def test_a_burst_of_whole_requests_is_answered_whole() -> None:
    whole = b"GET / HTTP/1.1\r\nhost: x\r\n\r\n"
    async with served() as at, held(at, 3 * crowd.MOST, whole) as burst:
        answers = await asyncio.gather(*(reader.read() for reader, _ in burst))
    assert {answer.partition(b"\r\n")[0] for answer in answers} == {b"HTTP/1.1 200 OK"}


async def test_a_trusted_proxy_may_hold_as_many_as_it_likes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(crowd, "YOUNG_SECONDS", 0)
    async with served(["127.0.0.0/8"]) as at, held(at, 2 * crowd.MOST) as slow:
        assert await asked(at, "127.0.0.1") == 200
        assert await closed(slow) == 0


async def test_slow_bodies_of_one_address_leave_room_for_others() -> None:
    async with served() as at, held(at, 300, HALF + b"content-length: 9\r\n\r\nx"):
        assert await asked(at, "127.0.0.2") == 200
        assert await asked(at, "127.0.0.1") == 429
