"""One request to the Management API: allowed, counted, read, answered."""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final, TypeVar

from pydantic import BaseModel, ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from supasync.sandbox import bodies
from supasync.sandbox.branching import Branching
from supasync.sandbox.instance import Instance
from supasync.sandbox.limits import Limiter, refusal
from supasync.sandbox.records import Record
from supasync.sandbox.registry import Registry
from supasync.sandbox.sqlapi.failure import PREFIX, Failure

MAX_BODY_BYTES: Final = 1 << 20  # the platform's is "around 1MB"
JSON: Final = "application/json"
M = TypeVar("M", bound=BaseModel)


class Refusal(Exception):
    """The request is answered with this status and `{"message": …}`."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status, self.message = status, message


@dataclass(frozen=True)
class Call:
    request: Request
    registry: Registry
    branching: Branching

    @property
    def ref(self) -> str:
        """The project ref (or deprecated branch id) in the path; "" where there is none."""
        params = self.request.path_params
        return str(params.get("ref") or params.get("branch") or "")

    def main(self) -> Instance:
        """The project itself; branches are not readable as projects, and answer 404."""
        if self.ref != self.registry.state.main.ref:
            raise Refusal(404, "Project not found")
        return self.registry.main

    def project(self) -> Instance:
        """The project or branch with this ref."""
        found = self.registry.find(self.ref)
        if found is None:
            raise Refusal(404, "Project not found")
        return found

    def record(self) -> Record:
        """What is known of the project or branch with this ref, whether it runs or not."""
        found = self.registry.branch(self.ref)
        if found is None or found.ref != self.ref:
            raise Refusal(404, "Project not found")
        return found

    def branch(self) -> Record:
        """The branch with this ref or id, main among them."""
        found = self.registry.branch(self.ref)
        if found is None:
            raise Refusal(404, "Branch not found")
        return found

    def preview(self) -> Record:
        """The branch, which must not be main."""
        found = self.branch()
        if found.is_default:
            raise Refusal(422, "This is not possible for the default branch.")
        return found

    def flag(self, name: str) -> bool:
        """A query parameter that is true or false; false when it is absent."""
        text = self.request.query_params.get(name, "false")
        if text not in {"true", "false"}:
            raise Refusal(400, f"{name}: must be true or false")
        return text == "true"

    def number(self, name: str, default: int, *, least: int) -> int:
        """A query parameter that is a whole number."""
        text = self.request.query_params.get(name, str(default))
        if not (text.isascii() and text.isdigit() and len(text) < 10 and int(text) >= least):
            raise Refusal(400, f"{name}: must be a whole number of at least {least}")
        return int(text)

    async def body(self, model: type[M]) -> M:
        """The JSON body; an absent one, or one of another content type, is an empty object."""
        try:
            text = await bodies.read(self.request, MAX_BODY_BYTES)
        except bodies.TooLarge:
            raise Refusal(413, "request entity too large") from None
        if not _is_json(self.request.headers.get("content-type", JSON)):
            text = b""
        try:
            return model.model_validate_json(text or b"{}")
        except ValidationError as error:
            problem = error.errors()[0]
            place = ".".join(map(str, problem["loc"]))
            where = f"{place}: " if place else ""
            raise Refusal(400, f"{where}{problem['msg']}") from error


Handler = Callable[[Call], Awaitable[Response]]
Entry = tuple[str, str, Handler]


@dataclass(frozen=True)
class Api:
    """What all routes share."""

    registry: Registry
    branching: Branching
    limiter: Limiter

    def route(self, method: str, path: str, handler: Handler) -> Route:
        """A route of /v1 that answers only to the access token, within the rate limit."""

        async def endpoint(request: Request) -> Response:
            if not self._allowed(request):
                return JSONResponse({"message": "Unauthorized"}, 401)
            call = Call(request, self.registry, self.branching)
            passes, headers = self.limiter.take(f"{method} {path}", call.ref)
            if not passes:
                return refusal(headers)
            response = await _answer(handler, call)
            response.headers.update(headers)
            return response

        return Route(path, endpoint, methods=[method])

    def _allowed(self, request: Request) -> bool:
        wanted = f"Bearer {self.registry.state.access_token}"
        sent = request.headers.get("authorization", "")
        return hmac.compare_digest(sent.encode(), wanted.encode())


def given(**fields: object) -> dict[str, object]:
    """What is there of them: optional fields are left out, not null."""
    return {name: value for name, value in fields.items() if value is not None}


def _is_json(content_type: str) -> bool:
    kind = content_type.partition(";")[0].strip().lower()
    return kind == JSON or (kind.startswith("application/") and kind.endswith("+json"))


async def _answer(handler: Handler, call: Call) -> Response:
    try:
        return await handler(call)
    except Refusal as refusal:
        return JSONResponse({"message": refusal.message}, refusal.status)
    except Failure as failure:
        return JSONResponse({"message": PREFIX + failure.message}, failure.status)
