"""What holds for every request and answer, whichever route they are of."""

from __future__ import annotations

import math

from starlette.datastructures import MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from supasync.service.throttle import Throttle

WEBHOOKS = "/webhooks/"

HEADERS = {
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}
"""Of an answer that does not say otherwise."""


class Edge:
    def __init__(self, app: ASGIApp, *, webhooks: Throttle, others: Throttle) -> None:
        self._app, self._webhooks, self._others = app, webhooks, others

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        if scope["type"] == "http" and (seconds := self._wait(scope)):
            answer = JSONResponse(
                {"status": "refused", "reason": "too many requests from this address"},
                429,
                headers={"retry-after": str(math.ceil(seconds))},
            )
            await answer(scope, receive, sent)
            return
        await self._app(scope, receive, sent)

    def _wait(self, scope: Scope) -> float:
        throttle = self._webhooks if scope["path"].startswith(WEBHOOKS) else self._others
        return throttle.wait(scope["client"][0] if scope.get("client") else "")
