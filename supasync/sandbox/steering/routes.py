"""The steering routes: JSON over HTTP, in any language."""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from supasync.sandbox import bodies
from supasync.sandbox.clock import MovableClock
from supasync.sandbox.faults.fault import Fault
from supasync.sandbox.faults.rules import Rules, UnknownRoute
from supasync.sandbox.steering.address import PREFIX

MAX_BODY_BYTES: Final = 64 << 10
TEN_YEARS: Final = 10 * 365 * 86_400
M = TypeVar("M", bound=BaseModel)


class Move(BaseModel):
    """advance: seconds."""

    model_config = ConfigDict(extra="forbid")

    advance: float = Field(ge=0, le=TEN_YEARS)


@dataclass(frozen=True)
class Steering:
    rules: Rules
    clock: MovableClock
    token: str

    def application(self) -> Starlette:
        faults, one, clock = f"{PREFIX}/faults", f"{PREFIX}/faults/{{id:int}}", f"{PREFIX}/clock"
        return Starlette(
            routes=[
                Route(faults, self._only_ours(self.listed), methods=["GET"]),
                Route(faults, self._only_ours(self.add), methods=["POST"]),
                Route(faults, self._only_ours(self.clear), methods=["DELETE"]),
                Route(one, self._only_ours(self.clear), methods=["DELETE"]),
                Route(clock, self._only_ours(self.time), methods=["GET"]),
                Route(clock, self._only_ours(self.advance), methods=["POST"]),
            ],
            exception_handlers={HTTPException: _refused, ClientDisconnect: bodies.cut_off},
        )

    async def listed(self, _: Request) -> Response:
        return JSONResponse([rule.to_json() for rule in self.rules.rules])

    async def add(self, request: Request) -> Response:
        fault = await _body(request, Fault)
        try:
            return JSONResponse(self.rules.add(fault).to_json(), 201)
        except UnknownRoute as error:
            raise HTTPException(400, str(error)) from error

    async def clear(self, request: Request) -> Response:
        """One, or all."""
        number = request.path_params.get("id")
        cleared = self.rules.clear(number)
        if number is not None and not cleared:
            raise HTTPException(404, f"There is no fault {number}.")
        return JSONResponse({"cleared": cleared})

    async def time(self, _: Request) -> Response:
        return JSONResponse({"now": self.clock.stamp(), "ahead": self.clock.ahead})

    async def advance(self, request: Request) -> Response:
        self.clock.advance((await _body(request, Move)).advance)
        return await self.time(request)

    def _only_ours(
        self, handler: Callable[[Request], Awaitable[Response]]
    ) -> Callable[[Request], Awaitable[Response]]:
        async def endpoint(request: Request) -> Response:
            sent = request.headers.get("authorization", "")
            if not hmac.compare_digest(sent.encode(), f"Bearer {self.token}".encode()):
                raise HTTPException(401, "This needs the sandbox's own token.")
            return await handler(request)

        return endpoint


async def _body(request: Request, model: type[M]) -> M:
    try:
        return model.model_validate_json(await bodies.read(request, MAX_BODY_BYTES))
    except bodies.TooLarge:
        raise HTTPException(413, "The body is too large.") from None
    except ValidationError as error:
        problem = error.errors()[0]
        where = ".".join(map(str, problem["loc"]))
        told = problem["msg"].removeprefix("Value error, ")
        raise HTTPException(400, f"{where}: {told}" if where else told) from error


async def _refused(_: Request, error: Exception) -> Response:
    status, detail = (
        (500, "") if not isinstance(error, HTTPException) else (error.status_code, error.detail)
    )
    return JSONResponse({"message": detail}, status)
