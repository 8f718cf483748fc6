"""What holds for every request, whichever route it is of: an address may not ask too often, nor too
much at once."""

from __future__ import annotations

import logging
import math
from collections import Counter
from dataclasses import dataclass

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from supasync.ports import Clock
from supasync.service.headers import SecurityHeaders
from supasync.service.throttle import Seldom, Throttle, network

logger = logging.getLogger(__name__)

WEBHOOKS = "/webhooks/"

AT_ONCE = 256
"""Requests that are being answered."""

OF_ONE = 192
"""Of these, of one address; the others have what is left."""


@dataclass(frozen=True, kw_only=True)
class _Refusal:
    """seconds: after which to ask again."""

    status: int
    reason: str
    seconds: float = 1.0


class Edge:
    def __init__(self, app: ASGIApp, *, webhooks: Throttle, others: Throttle, clock: Clock) -> None:
        self._app, self._webhooks, self._others = app, webhooks, others
        self._seldom = Seldom(clock)
        self._at_once: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        address = scope["client"][0] if scope.get("client") else ""
        if refusal := self._refusal(scope["path"], address):
            self._tell(refusal, scope["path"], address)
            answer = JSONResponse(
                {"status": "refused", "reason": refusal.reason},
                refusal.status,
                headers={"retry-after": str(math.ceil(refusal.seconds))},
            )
            await SecurityHeaders(answer)(scope, receive, send)
            return
        key = network(address)
        self._at_once[key] += 1
        try:
            await self._app(scope, receive, send)
        finally:
            self._at_once[key] -= 1
            if not self._at_once[key]:
                del self._at_once[key]

    def _refusal(self, path: str, address: str) -> _Refusal | None:
        throttle = self._webhooks if path.startswith(WEBHOOKS) else self._others
        if seconds := throttle.wait(address):
            return _Refusal(
                status=429, reason="too many requests from this address", seconds=seconds
            )
        if self._at_once[network(address)] >= OF_ONE:
            return _Refusal(status=429, reason="too many requests at once from this address")
        if self._at_once.total() >= AT_ONCE:
            return _Refusal(status=503, reason="too many requests at once")
        return None

    def _tell(self, refusal: _Refusal, path: str, address: str) -> None:
        if self._seldom.may(address):
            facts = {"address": address, "http": refusal.status, "reason": refusal.reason}
            logger.warning("refused", extra={**facts, "path": path})
