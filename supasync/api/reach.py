"""What can be asked before anybody knows which project is production: whether the Management API is
there, what time it is for it, and which projects the token sees."""

from __future__ import annotations

import email.utils

import httpx
from pydantic import SecretStr

from supasync.api.clock import SystemClock
from supasync.api.http import Http, default_transport
from supasync.api.models import Project
from supasync.api.projects import Projects
from supasync.api.retry import Policy
from supasync.errors import ProductionGuard, TransportError, UnexpectedAnswer

_SECONDS = 15.0


async def server_time(api_url: str, transport: httpx.AsyncBaseTransport | None = None) -> float:
    """Seconds since the epoch, by the `Date` header of an answer; to the second. No token is sent:
    every answer has that header, also a refusal.

    Raises: TransportError, UnexpectedAnswer.
    """
    through = transport or default_transport(api_url)
    async with httpx.AsyncClient(transport=through, timeout=_SECONDS) as client:
        try:
            answer = await client.get(f"{api_url}/v1/projects")
        except httpx.HTTPError as error:
            message = f"{api_url} cannot be reached ({type(error).__name__})"
            raise TransportError(message) from error
    told = email.utils.parsedate_tz(answer.headers.get("date", ""))
    if told is None:
        raise UnexpectedAnswer(f"{api_url} does not tell what time it is")
    return float(email.utils.mktime_tz(told))


class _ReadsOnly(httpx.AsyncBaseTransport):
    """For a client that does not know yet which project is production: it can only read."""

    def __init__(self, inner: httpx.AsyncBaseTransport) -> None:
        self._inner = inner

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if request.method != "GET":
            raise ProductionGuard(f"{request.method} {request.url.path}: which is production?")
        return await self._inner.handle_async_request(request)

    async def aclose(self) -> None:
        await self._inner.aclose()


async def projects(api_url: str, token: SecretStr) -> tuple[Project, ...]:
    """All that the token sees. Raises: ApiError, TransportError, UnexpectedAnswer."""
    http = Http(
        api_url=api_url,
        token=token,
        transport=_ReadsOnly(default_transport(api_url)),
        clock=SystemClock(),
        policy=Policy(),
        waiting=None,
    )
    try:
        return await Projects(http).list()
    finally:
        await http.aclose()
