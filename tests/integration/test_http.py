"""The client over real sockets: what a server does to a connection, and what becomes of it."""

from __future__ import annotations

import asyncio
import gc
import weakref
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager

import httpx
import pytest
from pydantic import SecretStr

from supasync import api
from supasync.errors import OutcomeUnknown, ProductionGuard, TransportError

MAIN, BRANCH = "abcdefghijklmnopqrst", "bbcdefghijklmnopqrst"
BODY = b'[{"j":"value"}]'
HEAD = b"HTTP/1.1 201 Created\r\ncontent-type: application/json\r\ncontent-length: 15\r\n\r\n"

Handler = Callable[[asyncio.StreamWriter], Awaitable[None]]


async def _answer(writer: asyncio.StreamWriter) -> None:
    writer.write(HEAD + BODY)


async def _cut_before_answer(writer: asyncio.StreamWriter) -> None:
    writer.transport.abort()


async def _cut_in_body(writer: asyncio.StreamWriter) -> None:
    writer.write(HEAD + BODY[:5])


@asynccontextmanager
async def server(*handlers: Handler) -> AsyncIterator[tuple[str, list[bytes]]]:
    """Answers one request with each handler in turn; yields its URL and the requests it got."""
    waiting, requests = list(handlers), list[bytes]()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(
            int(line.split(b":")[1])
            for line in head.lower().splitlines()
            if line.startswith(b"content-length")
        )
        requests.append(head + await reader.readexactly(length))
        try:
            await waiting.pop(0)(writer)
            if not writer.transport.is_closing():
                await writer.drain()
        finally:
            writer.close()

    listening = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with listening:
        port = listening.sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}", requests


QUICK = api.Policy(first_wait_seconds=0.01)


def client(url: str, policy: api.Policy = QUICK) -> api.Client:
    return api.Client(
        api_url=url,
        token=SecretStr("sbp_x"),
        production_ref=MAIN,
        policy=policy,
    )


@pytest.mark.parametrize("cut", [_cut_before_answer, _cut_in_body])
async def test_a_cut_read_is_sent_again(cut: Handler) -> None:
    async with server(cut, _answer) as (url, requests), client(url) as session:
        assert await session.production.fetch("select 1") == "value"
    assert len(requests) == 2
    assert requests[0] == requests[1]


@pytest.mark.parametrize("cut", [_cut_before_answer, _cut_in_body])
async def test_a_cut_write_is_not(cut: Handler) -> None:
    async with server(cut, _answer) as (url, requests), client(url) as session:
        with pytest.raises(OutcomeUnknown):
            await session.database(BRANCH).run("update t")
    assert len(requests) == 1


async def test_nobody_listens(unused_tcp_port: int) -> None:
    async with client(f"http://127.0.0.1:{unused_tcp_port}") as session:
        for call in (session.database(BRANCH).run, session.production.fetch):
            with pytest.raises(TransportError, match=f"127.0.0.1:{unused_tcp_port}"):
                await call("update t")
        assert set(session.calls.values()) == {6}


async def test_a_write_to_production_opens_no_socket() -> None:
    async with server(_answer) as (url, requests), client(url) as session:
        with pytest.raises(ProductionGuard):
            await session.branches.delete(MAIN)
    assert requests == []


async def _drip(writer: asyncio.StreamWriter) -> None:
    writer.write(HEAD)
    for byte in BODY:
        writer.write(bytes([byte]))
        await asyncio.sleep(0.05)


async def test_an_answer_that_comes_too_slowly_is_cut() -> None:
    policy = api.Policy(first_wait_seconds=0.01, sending_seconds=0.2)
    async with server(_drip, _answer) as (url, requests), client(url, policy) as session:
        assert await session.production.fetch("select 1") == "value"
    assert len(requests) == 2
    async with server(_drip) as (url, requests), client(url, policy) as session:
        with pytest.raises(OutcomeUnknown, match=r"no whole answer within 0\.2 s"):
            await session.database(BRANCH).run("update t")
    assert len(requests) == 1


class _Text(str):
    """One whose end can be seen."""

    __slots__ = ("__weakref__",)


class _Noted(httpx.AsyncHTTPTransport):
    def __init__(self) -> None:
        super().__init__()
        self.requests: list[weakref.ref[httpx.Request]] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(weakref.ref(request))
        return await super().handle_async_request(request)


@pytest.fixture
def uncollected() -> Iterator[None]:
    gc.collect()
    gc.disable()
    yield
    gc.enable()


@pytest.mark.usefixtures("uncollected")
async def test_what_was_sent_is_let_go_of_with_its_answer() -> None:
    transport, sql = _Noted(), _Text("select 1")
    text = weakref.ref(sql)
    async with server(_cut_before_answer, _answer) as (url, _):
        session = api.Client(
            api_url=url,
            token=SecretStr("sbp_x"),
            production_ref=MAIN,
            transport=transport,
            policy=QUICK,
        )
        async with session:
            assert await session.production.fetch(sql) == "value"
            del sql
            assert [request() for request in transport.requests] == [None, None]
            assert text() is None
