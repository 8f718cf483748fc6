"""What a client sends, up to a size: what is beyond it is not even read."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response


class TooLarge(Exception):
    """The body has more bytes than are taken."""


async def read(request: Request, most: int) -> bytes:
    """most: bytes. Raises: TooLarge."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > most:
            raise TooLarge
    return bytes(body)


async def cut_off(_: Request, __: Exception) -> Response:
    """What handles `ClientDisconnect`: who sent the half of a body hears no answer, and a client
    that was killed is no fault of ours that belongs in the log."""
    return Response(status_code=400)
