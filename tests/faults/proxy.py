"""A real HTTP proxy on loopback that passes requests on, and does harm to those it is told of."""

from __future__ import annotations

import asyncio
import socket
import struct
import threading
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

RESET = struct.pack("ii", 1, 0)
"""SO_LINGER: a close that the other side sees as a reset."""


@dataclass(frozen=True)
class Request:
    """As it was sent. step: what it is part of, see steps.py."""

    method: str
    path: str
    head: bytes = field(repr=False)
    body: bytes = field(repr=False)
    step: str = ""


@dataclass(frozen=True)
class Answer:
    status: int
    head: bytes
    body: bytes

    @property
    def raw(self) -> bytes:
        return self.head + self.body

    def with_body(self, body: bytes) -> Answer:
        """Well-formed HTTP, whatever the body is."""
        lines = [
            line
            for line in self.head.removesuffix(b"\r\n\r\n").split(b"\r\n")
            if not line.lower().startswith(b"content-length:")
        ]
        head = b"\r\n".join([*lines, b"content-length: %d" % len(body)]) + b"\r\n\r\n"
        return Answer(self.status, head, body)


def answer(status: int, body: bytes, content_type: str, *headers: str) -> Answer:
    """What something between us and the platform says of itself."""
    lines = [f"HTTP/1.1 {status} Said", f"content-type: {content_type}", "connection: close"]
    lines += [*headers, f"content-length: {len(body)}"]
    return Answer(status, "\r\n".join(lines).encode() + b"\r\n\r\n", body)


@dataclass
class Exchange:
    """One request on its way. A harm decides what becomes of it."""

    proxy: Proxy
    request: Request
    client: asyncio.StreamWriter

    async def forward(self) -> Answer:
        """The platform gets the request. Returns what it answers."""
        reader, writer = await asyncio.open_connection(*self.proxy.upstream)
        try:
            writer.write(self.request.head + self.request.body)
            await writer.drain()
            raw = await reader.read()
        finally:
            writer.close()
        head, _, body = raw.partition(b"\r\n\r\n")
        status = int(head.split(b" ", 2)[1]) if head else 0
        found = Answer(status, head + b"\r\n\r\n", body)
        self.proxy.arrived.append((self.request, status))
        return found

    async def send(self, said: Answer) -> None:
        self.client.write(said.raw)
        await self.client.drain()

    def reset(self) -> None:
        self.client.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        self.client.transport.abort()

    def later(self, work: Awaitable[object]) -> None:
        """Goes on after this request's end; `Proxy.settled` waits for it."""
        self.proxy.under_way.add(asyncio.ensure_future(work))


Harm = Callable[[Exchange], Awaitable[None]]
Name = Callable[[Request, Sequence[str]], str]


class Proxy:
    """harm: what is done to the requests whose step is chosen; the others pass.

    It lives in a thread with an event loop of its own. `seen` has the steps in the order in which
    they came, `arrived` what reached the platform, with its status.
    """

    def __init__(self, upstream: str, name: Name) -> None:
        parts = urlsplit(upstream)
        self.upstream = (parts.hostname or "", parts.port or 80)
        self.seen: list[str] = []
        self.arrived: list[tuple[Request, int]] = []
        self.under_way: set[asyncio.Future[object]] = set()
        self._name, self._harm, self._step, self._lasting = name, None, "", False
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self._server = self._do(asyncio.start_server(self._serve, "127.0.0.1", 0, limit=1 << 24))
        port = self._server.sockets[0].getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.settled()
        self._do(self._closed())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _closed(self) -> None:
        self._server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        if others:  # the ends of connections
            await asyncio.wait(others, timeout=5)

    def expect(self, step: str = "", harm: Harm | None = None, *, lasting: bool = False) -> None:
        """From now on. lasting: that request and all after it; else that one alone, once."""
        self.seen, self.arrived = [], []
        self._step, self._harm, self._lasting = step, harm, lasting
        self.harmed = 0

    def settled(self) -> None:
        """Waits until nothing of what came in is under way any more."""

        async def wait() -> None:
            while self.under_way:
                done, _ = await asyncio.wait(self.under_way)
                self.under_way -= done

        self._do(wait())

    def _do(self, work: Awaitable[object]) -> object:
        async def run() -> object:
            return await work

        return asyncio.run_coroutine_threadsafe(run(), self._loop).result(60)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            request = await self._read(reader)
            self.seen.append(request.step)
            exchange = Exchange(self, request, writer)
            work = asyncio.ensure_future(self._pass(exchange))
            self.under_way.add(work)
            await work
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # whoever asked is gone
        finally:
            writer.close()

    async def _pass(self, exchange: Exchange) -> None:
        harm, chosen = self._harm, exchange.request.step == self._step
        if harm is None or not (chosen or (self._lasting and self.harmed)):
            await exchange.send(await exchange.forward())
            return
        self.harmed += 1
        if not self._lasting:
            self._harm = None
        await harm(exchange)

    async def _read(self, reader: asyncio.StreamReader) -> Request:
        head = await reader.readuntil(b"\r\n\r\n")
        lines = head.removesuffix(b"\r\n\r\n").split(b"\r\n")
        method, path, _ = lines[0].decode().split(" ", 2)
        names = {line.split(b":", 1)[0].lower(): line.split(b":", 1)[1] for line in lines[1:]}
        body = await reader.readexactly(int(names.get(b"content-length", b"0")))
        kept = [lines[0], *(line for line in lines[1:] if not line.lower().startswith(b"connec"))]
        head = b"\r\n".join([*kept, b"connection: close"]) + b"\r\n\r\n"
        request = Request(method, path, head, body)
        return Request(method, path, head, body, self._name(request, self.seen))
