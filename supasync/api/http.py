"""Sends calls: limits before, the retry policy around, errors out of what came back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Generator
from dataclasses import replace
from functools import partial
from typing import Any, TypeVar
from urllib.request import getproxies, proxy_bypass

import httpx
from pydantic import SecretStr, TypeAdapter, ValidationError

from supasync import __version__
from supasync.api import failures, retry
from supasync.api.call import Answer, Call, read_answer
from supasync.api.counting import Calls
from supasync.api.limits import Limits, Waiting
from supasync.api.resending import Resending, ResendingTransport
from supasync.api.sending import ROUTE
from supasync.errors import SupasyncError, UnexpectedAnswer
from supasync.ports import Clock
from supasync.settings import is_loopback

T = TypeVar("T")

# The platform cuts a query after 60 s; its own answer about that must be able to arrive.
TIMEOUT = httpx.Timeout(30.0, connect=10.0, read=75.0)


class _Bearer(httpx.Auth):
    """The token, for requests to the API's own origin only."""

    def __init__(self, api_url: httpx.URL, token: SecretStr) -> None:
        self._origin, self._token = _origin(api_url), token

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        if _origin(request.url) == self._origin:
            request.headers["authorization"] = f"Bearer {self._token.get_secret_value()}"
        yield request


def _origin(url: httpx.URL) -> tuple[str, bytes]:
    return url.scheme, url.netloc  # netloc has no default port


class Http:
    """The Management API's one way out."""

    def __init__(
        self,
        *,
        api_url: str,
        token: SecretStr,
        transport: httpx.AsyncBaseTransport,
        clock: Clock,
        policy: retry.Policy,
        waiting: Waiting | None = None,
    ) -> None:
        self.counted = Calls()
        self._clock = clock
        self._resending = Resending(policy=policy, clock=clock, waiting=waiting)
        self._limits = Limits(clock, waiting)
        self._token = token
        self._client = httpx.AsyncClient(
            base_url=api_url,
            transport=transport,
            timeout=TIMEOUT,
            follow_redirects=False,
            auth=_Bearer(httpx.URL(api_url), token),
            headers={
                "accept": "application/json, text/plain",
                "user-agent": f"supasync/{__version__}",
            },
        )

    @property
    def answers(self) -> Counter[tuple[str, str]]:
        """See Resending."""
        return self._resending.answers

    def remaining(self) -> dict[str, int]:
        """See Limits.remaining."""
        return self._limits.remaining()

    async def aclose(self) -> None:
        await self._client.aclose()

    def resending(
        self, inner: httpx.AsyncBaseTransport, route: Callable[[str], str]
    ) -> httpx.AsyncBaseTransport:
        """A transport with this one's policy, clock and counts, but neither its token nor its
        limits: for services that are not the Management API."""
        return ResendingTransport(inner, self._resending, route=route, counted=self.counted)

    async def send(self, call: Call) -> Any:
        """Send a call and return its body: parsed JSON, text, or None.

        Raises: every error of supasync.errors under UnknownError, SqlError, ProductionGuard.
        """
        try:
            answer = await self._resending.settled(call, partial(self._attempt, call))
        except httpx.RequestError as error:
            raise failures.lost(call, error) from error
        if not answer.ok:
            message = answer.message.replace(self._token.get_secret_value(), "…")  # said back
            raise failures.failure(call, replace(answer, message=message), self._clock.now())
        return answer.body

    async def load(self, shape: TypeAdapter[T], call: Call) -> T:
        """Send a call and return its body in a shape. Raises: UnexpectedAnswer, as send."""
        body = await self.send(call)
        try:
            return shape.validate_python(body)
        except ValidationError as error:
            first = error.errors(include_input=False, include_url=False)[0]
            where = ".".join(str(part) for part in first["loc"]) or "body"
            raise UnexpectedAnswer(
                f"{call.name} answered with an unknown shape: {where}: {first['msg']}.",
                remedy="The API may have changed: look for a newer supasync.",
            ) from None  # the cause would print the answer, keys included

    async def _attempt(self, call: Call, deadline: float) -> Answer:
        async with self._limits.turn(call, deadline) as turn:
            request = self._client.build_request(
                call.method,
                call.url,
                params=call.query or None,
                json=call.body,
                extensions={ROUTE: call.route},
            )
            self.counted.sent(call.name)
            try:
                response = await self._resending.whole(request, self._client.send)
            except SupasyncError:
                self.counted.sent(call.name, -1)  # refused below: it was not sent
                turn.unsent()
                raise
            except retry.NEVER_SENT:
                turn.unsent()
                raise
            turn.answered(response)
        return read_answer(call, response)


def default_transport(api_url: str) -> httpx.AsyncHTTPTransport:
    """A transport that honours HTTPS_PROXY and NO_PROXY, which httpx ignores once it is given
    a transport; loopback is never reached through a proxy."""
    url = httpx.URL(api_url)
    direct = is_loopback(url.host) or bool(proxy_bypass(url.host))
    proxy = None if direct else getproxies().get(url.scheme)
    return httpx.AsyncHTTPTransport(proxy=proxy)
