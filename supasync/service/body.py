"""A request's body, as far as it is wanted."""

from __future__ import annotations

import asyncio

from starlette.requests import ClientDisconnect, Request

from supasync.service.webhooks.delivery import Rejected


async def read(request: Request, most: int, seconds: float) -> bytes:
    """most: bytes. Raises: Rejected for one that is too large, too slow, or cut off; the rest is
    not read."""
    too_large = Rejected(413, f"a body has at most {_size(most)}")
    length = request.headers.get("content-length", "")
    if length.isdecimal() and int(length) > most:
        raise too_large
    body = bytearray()
    try:
        async with asyncio.timeout(seconds):
            async for chunk in request.stream():
                body += chunk
                if len(body) > most:
                    raise too_large
    except TimeoutError:
        raise Rejected(408, f"the body did not arrive within {seconds:.0f} s") from None
    except ClientDisconnect:
        raise Rejected(400, "the body was cut off") from None
    return bytes(body)


def _size(number: int) -> str:
    return f"{number >> 20} MB" if number >= 1 << 20 else f"{number >> 10} kB"
