"""What holds for every request, whichever route it is of: an address may not ask too often."""

from __future__ import annotations

import math

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from supasync.service.headers import SecurityHeaders
from supasync.service.throttle import Throttle

WEBHOOKS = "/webhooks/"


class Edge:
    def __init__(self, app: ASGIApp, *, webhooks: Throttle, others: Throttle) -> None:
        self._app, self._webhooks, self._others = app, webhooks, others

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and (seconds := self._wait(scope)):
            answer = JSONResponse(
                {"status": "refused", "reason": "too many requests from this address"},
                429,
                headers={"retry-after": str(math.ceil(seconds))},
            )
            await SecurityHeaders(answer)(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _wait(self, scope: Scope) -> float:
        throttle = self._webhooks if scope["path"].startswith(WEBHOOKS) else self._others
        return throttle.wait(scope["client"][0] if scope.get("client") else "")
