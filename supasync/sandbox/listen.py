"""uvicorn on loopback, inside this process."""

from __future__ import annotations

import asyncio
import errno
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from supasync.errors import SandboxError

HOST: Final = "127.0.0.1"
TRANSPORT: Final = "supasync.transport"


class _Protocol(H11Protocol):
    """Shows its connection to the application, which may have to break it."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        application = self.app

        async def shown(scope: Scope, receive: Receive, send: Send) -> None:
            extensions = {**scope.get("extensions", {}), TRANSPORT: transport}
            await application({**scope, "extensions": extensions}, receive, send)

        self.app = shown


def transport(scope: Scope) -> asyncio.Transport:
    """The connection on which a request came."""
    found: asyncio.Transport = scope["extensions"][TRANSPORT]
    return found


def bind(port: int) -> socket.socket:
    """A listening socket; port 0 is any free one.

    Raises: SandboxError when the port is taken or not allowed.
    """
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((HOST, port))
        listening.listen(128)
    except (OSError, OverflowError) as error:
        listening.close()
        taken = isinstance(error, OSError) and error.errno == errno.EADDRINUSE
        why = "is taken by another program" if taken else f"cannot be used ({error})"
        raise SandboxError(
            f"Port {port} of {HOST} {why}.",
            remedy="Name another one with --port, or 0 for any free port.",
        ) from error
    return listening


@asynccontextmanager
async def serving(app: ASGIApp, listening: socket.socket) -> AsyncIterator[None]:
    """Serve as long as the context is open."""
    config = uvicorn.Config(
        app,
        http=_Protocol,
        log_config=None,
        access_log=False,
        lifespan="off",
        timeout_graceful_shutdown=2,
    )
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve(sockets=[listening]))
    try:
        yield
    finally:
        server.should_exit = True
        await task
        listening.close()
