"""Sends a request as often as the policy allows: our own client's, and those of clients that are
not ours.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import httpx
from tenacity import AsyncRetrying, RetryCallState, RetryError, retry_if_exception, retry_if_result

from supasync.api import retry
from supasync.api.call import Answer, Call, read_answer
from supasync.api.counting import Calls
from supasync.api.guard import READ_METHODS
from supasync.api.limits import NOTICED_SECONDS, Waiting
from supasync.api.sending import ROUTE
from supasync.ports import Clock

NO_ANSWER = "none"

_READ = httpx.ByteStream(b"")
"""In the place of the stream of an answer that was read. That one and the answer hold each other,
and with it the request: a megabyte, maybe, that would wait for the garbage collector."""


@dataclass(frozen=True, kw_only=True)
class Resending:
    """waiting: hears of the pauses that people notice. answers: gains one (`METHOD route`, HTTP
    status) per sending, NO_ANSWER in the status' place when none came."""

    policy: retry.Policy
    clock: Clock
    waiting: Waiting | None = None
    answers: Counter[tuple[str, str]] = field(default_factory=Counter)

    async def settled(self, call: Call, attempt: Callable[[float], Awaitable[Answer]]) -> Answer:
        """The last answer. attempt: one sending; it is given the clock's monotonic seconds after
        which none begins.

        Raises: what the last sending raised.
        """
        started = self.clock.monotonic()
        sending = AsyncRetrying(
            sleep=self.clock.sleep,
            wait=retry.Wait(self.policy, self.clock.now),
            stop=lambda state: self._exhausted(state, started),
            retry=retry_if_result(lambda answer: retry.send_again(call, answer))
            | retry_if_exception(lambda error: retry.send_again_after(call, error)),
            before_sleep=lambda state: self._tell(call, state, started),
        )
        try:
            return await sending(self._counted, call, attempt, started + self.policy.total_seconds)
        except RetryError as exhausted:
            last: Answer = exhausted.last_attempt.result()
            return last
        finally:
            sending.iter_state.reset()  # a ring of closures, and through them the request's text

    async def _counted(
        self, call: Call, attempt: Callable[[float], Awaitable[Answer]], deadline: float
    ) -> Answer:
        try:
            answer = await attempt(deadline)
        except httpx.RequestError:
            self.answers[call.name, NO_ANSWER] += 1
            raise
        self.answers[call.name, str(answer.status)] += 1
        return answer

    async def whole(
        self,
        request: httpx.Request,
        send: Callable[[httpx.Request], Awaitable[httpx.Response]],
    ) -> httpx.Response:
        """What `send` answers, with its body. httpx's own limits are for each piece of it.

        Raises: httpx.ReadTimeout, and what `send` raises.
        """
        seconds = self.policy.sending_seconds
        try:
            async with asyncio.timeout(seconds):
                response = await send(request)
        except TimeoutError:
            message = f"no whole answer within {seconds:g} s"
            raise httpx.ReadTimeout(message, request=request) from None
        response.stream = _READ
        return response

    def _tell(self, call: Call, state: RetryCallState, started: float) -> None:
        """Of another sending, when so far it has taken long, or will."""
        outcome, seconds = state.outcome, state.upcoming_sleep
        elapsed = self.clock.monotonic() - started
        if self.waiting is None or outcome is None or elapsed + seconds < NOTICED_SECONDS:
            return
        why = "no answer" if outcome.failed else f"HTTP {outcome.result().status}"
        self.waiting(f"another try of {call.name} ({why})", seconds)

    def _exhausted(self, state: RetryCallState, started: float) -> bool:
        pause, policy = state.upcoming_sleep, self.policy
        elapsed = self.clock.monotonic() - started
        return (
            state.attempt_number >= policy.attempts
            or pause > policy.longest_wait_seconds + retry.JITTER_SECONDS
            or elapsed + pause > policy.total_seconds
        )


class ResendingTransport(httpx.AsyncBaseTransport):
    """A transport of httpx for clients that are not ours: what they only read is sent again.

    route: a path as it is counted and named, ids left out. counted: is told of each
    sending.
    """

    def __init__(
        self,
        inner: httpx.AsyncBaseTransport,
        resending: Resending,
        *,
        route: Callable[[str], str],
        counted: Calls,
    ) -> None:
        self._inner, self._resending = inner, resending
        self._route, self._counted = route, counted

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        call = Call(
            method=request.method,
            route=self._route(request.url.path),
            writes=request.method not in READ_METHODS,
        )
        request.extensions[ROUTE] = call.route
        responses: list[httpx.Response] = []

        async def attempt(_: float) -> Answer:
            self._counted.sent(call.name)
            responses.append(await self._resending.whole(request, self._read))
            return read_answer(call, responses[-1])

        await self._resending.settled(call, attempt)
        return responses[-1]

    async def _read(self, request: httpx.Request) -> httpx.Response:
        response = await self._inner.handle_async_request(request)
        try:
            await response.aread()
        finally:
            await response.aclose()
        return response

    async def aclose(self) -> None:
        await self._inner.aclose()
