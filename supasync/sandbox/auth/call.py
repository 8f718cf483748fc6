"""One request to the Auth API: who asks, for which project, with what body."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import jwt
import psycopg
from starlette.requests import Request
from starlette.responses import Response

from supasync.sandbox import bodies, gateway
from supasync.sandbox.auth import errors
from supasync.sandbox.auth.errors import AuthError
from supasync.sandbox.auth.params import Params
from supasync.sandbox.project import Project

Connection = psycopg.AsyncConnection[tuple[object, ...]]
GetProject = Callable[[str], Project | None]

AUDIENCE = "authenticated"
ADMIN_ROLES = frozenset({"service_role", "supabase_admin"})
MAX_BODY_BYTES = 1 << 20
BEARER = re.compile(r"bearer (\S+)", re.IGNORECASE)
# How golang-jwt, the library of the service, words what PyJWT calls by class.
JWT_PROBLEMS: tuple[tuple[type[jwt.PyJWTError], str], ...] = (
    (jwt.ExpiredSignatureError, "token has invalid claims: token is expired"),
    (jwt.ImmatureSignatureError, "token has invalid claims: token is not valid yet"),
    (jwt.InvalidSignatureError, "token signature is invalid: signature is invalid"),
    (jwt.InvalidAlgorithmError, "token signature is invalid: signing method is invalid"),
    (jwt.PyJWTError, "token is malformed: token contains an invalid number of segments"),
)


@dataclass(frozen=True)
class Call:
    request: Request
    project: Project
    connection: Connection
    authorization: str
    """The Authorization header as the gateway passed it on."""

    @property
    def asked_audience(self) -> str | None:
        return self.request.headers.get("X-JWT-AUD") or None

    @property
    def audience(self) -> str:
        """Whose users are meant; others are not found."""
        return self.asked_audience or AUDIENCE

    @property
    def user_agent(self) -> str | None:
        return self.request.headers.get("user-agent") or None

    @property
    def ip(self) -> str | None:
        return self.request.client.host if self.request.client else None

    def claims(self) -> Mapping[str, Any]:
        """The bearer's claims; AuthError 401 when there is none, 403 when it is not valid."""
        bearer = BEARER.fullmatch(self.authorization)
        if bearer is None:
            raise AuthError(401, "no_authorization", "This endpoint requires a valid Bearer token")
        try:
            return gateway.claims(bearer[1], self.project.keys)
        except jwt.PyJWTError as error:
            problem = next(text for kind, text in JWT_PROBLEMS if isinstance(error, kind))
            message = f"invalid JWT: unable to parse or verify signature, {problem}"
            raise AuthError(403, "bad_jwt", message) from error

    def require_admin(self) -> None:
        if self.claims().get("role") not in ADMIN_ROLES:
            raise AuthError(403, "not_admin", "User not allowed")

    async def params(self, *, required: bool = True) -> Params:
        """The JSON object in the body; without `required` an empty body is an empty object."""
        try:
            body = await bodies.read(self.request, MAX_BODY_BYTES)
        except bodies.TooLarge:
            message = f"Request body too large (max {MAX_BODY_BYTES} bytes)"
            raise AuthError(413, "request_entity_too_large", message) from None
        return Params.parse(body) if body or required else Params({})


Handler = Callable[[Call], Awaitable[Response]]


def endpoint(
    get_project: GetProject, handler: Handler, *, keyless: bool = False
) -> Callable[[Request], Awaitable[Response]]:
    """The Starlette endpoint that runs `handler` on a connection of its own.

    keyless: a path that people open in a browser, which the gateway lets through without a key.
    """

    async def serve(request: Request) -> Response:
        project = get_project(request.path_params["ref"])
        if project is None:
            return gateway.unknown_project()
        try:
            seen = "" if keyless else gateway.authorization(request, project.keys)
            async with _connection(project) as connection:
                return await handler(Call(request, project, connection, seen))
        except gateway.Refused as refused:
            return refused.response()
        except errors.OAuthError as error:
            return error.response()
        except AuthError as error:
            return errors.response(error, request)

    return serve


@asynccontextmanager
async def _connection(project: Project) -> AsyncIterator[Connection]:
    with errors.database_errors(errors.SEE_THE_LOGS):
        connection = await project.connect("supabase_auth_admin")
        async with connection:
            yield connection
