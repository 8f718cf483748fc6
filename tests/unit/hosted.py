"""The hosted platform as far as settings go: two projects, answered from dictionaries."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any

import httpx
from pydantic import SecretStr

from supasync import api
from tests.unit.api.world import BRANCH, MAIN, FakeClock

TOKEN = SecretStr("sbp_" + "0" * 40)
Answer = httpx.Response | Exception


class Hosted:
    """answers: by the path's end, such as `config/auth`, for `MAIN` and `BRANCH`; a body, or what
    to answer or raise instead. A PATCH changes the body. sent: what was written, in order.

    before: called with each request.
    """

    def __init__(self) -> None:
        self.answers: dict[tuple[str, str], Any] = {}
        self.sent: list[tuple[str, str, Any]] = []
        self.before: Callable[[httpx.Request], None] = lambda _: None

    def both(self, path: str, main: Any, branch: Any) -> None:
        self.answers[MAIN, path], self.answers[BRANCH, path] = main, branch

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.before(request)
        ref, _, path = request.url.path.split("/", 3)[3].partition("/")
        found = self.answers.get((ref, path))
        if found is None:
            return httpx.Response(404, json={"message": f"Cannot {request.method} {path}"})
        if isinstance(found, httpx.Response):
            return found
        if isinstance(found, Exception):
            raise found
        if request.method == "PATCH":
            body = json.loads(request.content)
            self.sent.append((ref, path, body))
            self.answers[ref, path] = merged(found, body)
        return httpx.Response(200, json=self.answers[ref, path])

    @asynccontextmanager
    async def client(self) -> AsyncIterator[api.Client]:
        transport = httpx.MockTransport(self)
        async with api.Client(
            token=TOKEN, production_ref=MAIN, transport=transport, clock=FakeClock()
        ) as client:
            yield client


def merged(known: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    return dict(known) | {
        name: merged(known[name], value) if isinstance(value, dict) else value
        for name, value in changes.items()
    }
