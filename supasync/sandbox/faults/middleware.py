"""Does to requests what the rules say."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from supasync.sandbox.clock import MovableClock
from supasync.sandbox.faults.answers import answer
from supasync.sandbox.faults.fault import Fault
from supasync.sandbox.faults.rules import Rules
from supasync.sandbox.listen import transport


@dataclass(frozen=True)
class Faulty:
    """The application behind the rules; an ASGI application itself."""

    app: ASGIApp
    rules: Rules
    clock: MovableClock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        fault = None
        if scope["type"] == "http":
            fault = self.rules.strike(scope["method"], scope["path"])
        if fault is None:
            await self.app(scope, receive, send)
        elif fault.performs:
            messages: list[Message] = []

            async def keep(message: Message) -> None:
                messages.append(message)

            await self.app(scope, receive, keep)
            await self.clock.sleep(fault.delay)
            await self._harm(fault, messages, scope, receive, send)
        else:
            await self.clock.sleep(fault.delay)
            await self._harm(fault, [], scope, receive, send)

    async def _harm(
        self, fault: Fault, messages: list[Message], scope: Scope, receive: Receive, send: Send
    ) -> None:
        """messages: the real answer, if there is one."""
        if fault.truncate:
            await _half(messages, send)
            transport(scope).close()
            await _gone(receive)
        elif fault.drop_reply or fault.drop_request:
            transport(scope).abort()
            await _gone(receive)
        elif fault.answers:
            if not fault.performs:
                await _read(receive)
            await answer(fault, Request(scope))(scope, receive, send)
        else:  # it was only late
            await self.app(scope, receive, send)


async def _half(messages: list[Message], send: Send) -> None:
    """The head as it was, so that what is missing is missed, and half of the body."""
    body = b"".join(message.get("body", b"") for message in messages)
    await send(messages[0])
    await send({"type": "http.response.body", "body": body[: len(body) // 2], "more_body": True})


async def _read(receive: Receive) -> None:
    """All of the body: who sends one is not interrupted."""
    while (message := await receive()).get("more_body"):
        if message["type"] == "http.disconnect":
            return


async def _gone(receive: Receive) -> None:
    """Until the server knows that the connection has ended, and expects no answer any more."""
    while (await receive())["type"] != "http.disconnect":
        pass
