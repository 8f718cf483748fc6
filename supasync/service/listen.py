"""uvicorn on a socket of ours, for as long as a context is open."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

from supasync.api.clock import SystemClock
from supasync.errors import UsageError
from supasync.service.crowd import Crowd

HEAD_SECONDS = 10.0
"""How long a connection may take to say what it wants."""

LINGER_SECONDS = 2.0
_CLOSING_SECONDS = 2


def bind(host: str, port: int) -> socket.socket:
    """A listening socket; port 0 is any free one. Raises: UsageError."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family, backlog=512)
    except (OSError, OverflowError) as error:
        raise UsageError(
            f"{host}:{port} cannot be listened at: {error}",
            remedy="Name another place with --host and --port.",
        ) from error


class _Lingering:
    """A transport that, when it is closed, still takes for a while what the peer sends: else the
    peer gets a reset, and never the answer that says why its large body is not wanted."""

    def __init__(self, transport: Any, loop: asyncio.AbstractEventLoop) -> None:
        self.transport, self._loop, self._closing = transport, loop, False

    def __getattr__(self, name: str) -> Any:
        return getattr(self.transport, name)

    def is_closing(self) -> bool:
        return self._closing or bool(self.transport.is_closing())

    def close(self) -> None:
        if self.is_closing():
            return
        self._closing = True
        self.transport.write_eof()
        self.transport.resume_reading()
        self._loop.call_later(LINGER_SECONDS, self.transport.close)


class _Connection(H11Protocol):
    """Ends when the head of its request does not arrive, and ends gently."""

    def __init__(self, *given: Any, crowd: Crowd, **named: Any) -> None:
        super().__init__(*given, **named)
        self._crowd = crowd

    def connection_made(self, transport: Any) -> None:
        super().connection_made(_Lingering(transport, self.loop))  # type: ignore[arg-type]
        self._bare: asyncio.Transport = transport
        self.loop.call_later(HEAD_SECONDS, self._check)
        self._crowd.came(self, self._address)

    def connection_lost(self, exc: Exception | None) -> None:
        self._crowd.gone(self, self._address)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if not self.transport.is_closing():
            super().data_received(data)
        if self.cycle is not None:
            self._crowd.gone(self, self._address)

    def leave(self) -> None:
        self._bare.abort()

    @property
    def _address(self) -> str:
        return self.client[0] if self.client else ""

    def _check(self) -> None:
        if self.cycle is None and not self._bare.is_closing():
            self._bare.close()
            self._crowd.tell(self._address, 1, f"no request's head in {HEAD_SECONDS:g} s")


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Signals are the command's business."""
        yield


@asynccontextmanager
async def serving(
    app: ASGIApp, listening: socket.socket, trusted: Sequence[str] = ()
) -> AsyncIterator[None]:
    """trusted: addresses or networks of proxies, whose X-Forwarded-For is believed."""
    config = uvicorn.Config(
        app,
        http=partial(_Connection, crowd=Crowd(trusted, SystemClock())),  # type: ignore[arg-type]
        ws="none",
        log_config=None,
        access_log=False,
        lifespan="off",
        server_header=False,
        headers=[("connection", "close")],  # so that a connection's first head is its only one
        proxy_headers=bool(trusted),  # else uvicorn would believe whoever comes from loopback
        forwarded_allow_ips=list(trusted),
        timeout_graceful_shutdown=_CLOSING_SECONDS,
    )
    server = _Server(config)
    task = asyncio.create_task(server.serve(sockets=[listening]))
    try:
        yield
    finally:
        server.should_exit = True
        await task
        listening.close()
