"""Each request as it is sent, as a span of the run that sends it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import httpx

from supasync import telemetry
from supasync.telemetry.spans import kind

ROUTE = "route"
"""The extension of a request that has its path as a template, under which it is traced."""


class TracedTransport(httpx.AsyncBaseTransport):
    """A transport of httpx with a span for each request, from its sending to the end of its answer.
    Neither headers, nor bodies, nor what follows a `?` are in it."""

    def __init__(self, inner: httpx.AsyncBaseTransport) -> None:
        self._inner = inner

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        span = telemetry.started(*_named(request))
        if span is None:
            return await self._inner.handle_async_request(request)
        try:
            response = await self._inner.handle_async_request(request)
        except BaseException as error:
            span.fail(kind(error))
            span.end()
            raise
        span.note({"http.response.status_code": response.status_code})
        if response.status_code >= 400:
            span.fail(str(response.status_code))
        if response.is_closed or not isinstance(response.stream, httpx.AsyncByteStream):
            span.end()
        else:
            response.stream = _Answer(response.stream, span)
        return response

    async def aclose(self) -> None:
        await self._inner.aclose()


class _Answer(httpx.AsyncByteStream):
    """An answer's body, with whose end the span ends."""

    def __init__(self, inner: httpx.AsyncByteStream, span: telemetry.Span) -> None:
        self._inner, self._span = inner, span

    async def __aiter__(self) -> AsyncIterator[bytes]:
        try:
            async for piece in self._inner:
                yield piece
        except (Exception, asyncio.CancelledError) as error:
            self._span.fail(kind(error))
            raise

    async def aclose(self) -> None:
        try:
            await self._inner.aclose()
        finally:
            self._span.end()


def _named(request: httpx.Request) -> tuple[str, telemetry.Attributes]:
    """The span's name and what is known before it is sent, by OpenTelemetry's conventions."""
    url, method = request.url, request.method
    told: dict[str, str | int | bool] = {
        "http.request.method": method,
        "server.address": url.host,
        "server.port": url.port or {"http": 80, "https": 443}.get(url.scheme, 0),
        "url.scheme": url.scheme,
        "url.path": url.path,
    }
    route = request.extensions.get(ROUTE)
    if route is None:
        return method, told
    return f"{method} {route}", {**told, "url.template": str(route)}
