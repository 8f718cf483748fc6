"""uvicorn on a socket of ours, for as long as a context is open."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import uvicorn
from starlette.applications import Starlette
from uvicorn.protocols.http.h11_impl import H11Protocol

from supasync.errors import UsageError

HEAD_SECONDS = 10.0
"""How long a connection may take to say what it wants."""

_CONNECTIONS = 256
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


class _Impatient(H11Protocol):
    """Ends a connection that does not finish the head of its first request."""

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self.loop.call_later(HEAD_SECONDS, self._check)

    def _check(self) -> None:
        if self.cycle is None and not self.transport.is_closing():
            self.transport.close()


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Signals are the command's business."""
        yield


@asynccontextmanager
async def serving(app: Starlette, listening: socket.socket) -> AsyncIterator[None]:
    config = uvicorn.Config(
        app,
        http=_Impatient,
        ws="none",
        log_config=None,
        access_log=False,
        lifespan="off",
        server_header=False,
        headers=[("connection", "close")],  # so that a connection's first head is its only one
        limit_concurrency=_CONNECTIONS,
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
