"""One request to the REST API: as which role, in which schema, in a transaction of its own.

Source: docs.postgrest.org/en/v13/references/transactions.html.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import jwt
import psycopg
from pydantic_core import from_json
from starlette.requests import Request
from starlette.responses import Response

from supasync import sql
from supasync.sandbox import bodies, gateway
from supasync.sandbox.project import Keys, Project
from supasync.sandbox.rest.errors import RestError, of_the_database

Connection = psycopg.AsyncConnection[tuple[object, ...]]
GetProject = Callable[[str], Project | None]
MAX_BODY_BYTES = 10 << 20
"""The sandbox's own limit; the platform's is not known."""
ONE_OBJECT = "application/vnd.pgrst.object+json"


@dataclass(frozen=True)
class Call:
    request: Request
    connection: Connection
    schema: str
    max_rows: int
    """That one answer has at most."""

    async def text(self, statement: str, params: Sequence[object] = ()) -> str | None:
        """The first value of the first row, as text."""
        cursor = await self.connection.execute(statement, params)
        row = await cursor.fetchone()
        return None if row is None or row[0] is None else str(row[0])

    def prefers(self, preference: str) -> bool:
        given = self.request.headers.get("prefer", "")
        return preference in {each.strip() for each in given.split(",")}

    @property
    def wants_one_object(self) -> bool:
        return self.request.headers.get("accept", "").startswith(ONE_OBJECT)

    async def body(self) -> Any:
        try:
            body = await bodies.read(self.request, MAX_BODY_BYTES)
            return from_json(body or b"{}", allow_inf_nan=False)
        except bodies.TooLarge:
            raise gateway.TooLarge from None
        except ValueError as error:
            raise RestError(400, "PGRST102", "Empty or invalid json") from error


Handler = Callable[[Call], Awaitable[Response]]


def endpoint(get_project: GetProject, handler: Handler) -> Callable[[Request], Awaitable[Response]]:
    """The Starlette endpoint that runs `handler` as the caller's role."""

    async def serve(request: Request) -> Response:
        project = get_project(request.path_params["ref"])
        if project is None:
            return gateway.unknown_project()
        try:
            bearer = gateway.authorization(request, project.keys)
            return await _run(request, project, _claims(bearer, project.keys), handler)
        except (gateway.Refused, gateway.TooLarge) as refused:
            return refused.response()
        except RestError as error:
            return error.response()

    return serve


def _claims(authorization: str, keys: Keys) -> Mapping[str, Any]:
    """The bearer's claims; without one the caller is anonymous."""
    kind, _, token = authorization.partition(" ")
    if kind.lower() != "bearer" or not token:
        return {"role": "anon"}
    try:
        return gateway.claims(token.strip(), keys)
    except jwt.ExpiredSignatureError as error:
        raise RestError(401, "PGRST303", "JWT expired") from error
    except jwt.PyJWTError as error:
        raise RestError(401, "PGRST301", "No suitable key or wrong key type") from error


async def _run(
    request: Request, project: Project, claims: Mapping[str, Any], handler: Handler
) -> Response:
    role = str(claims.get("role") or "anon")
    schema = _schema(request, project)
    try:
        connection = await project.connect("authenticator")
        async with connection, connection.transaction():
            search_path = (schema, *project.config.extra_search_path)
            await _become(connection, request, role, claims, search_path)
            return await handler(Call(request, connection, schema, project.config.max_rows))
    except psycopg.Error as error:
        raise of_the_database(error, anonymous=role == "anon") from error


def _schema(request: Request, project: Project) -> str:
    """The one that is asked for, which must be exposed; else the first."""
    exposed = project.config.exposed_schemas
    header = "accept-profile" if request.method in {"GET", "HEAD"} else "content-profile"
    schema = request.headers.get(header) or next(iter(exposed), "")
    if schema not in exposed:
        known = ", ".join(exposed)
        hint = f"Only the following schemas are exposed: {known}"
        raise RestError(406, "PGRST106", f"Invalid schema: {schema}", hint=hint)
    return schema


async def _become(
    connection: Connection,
    request: Request,
    role: str,
    claims: Mapping[str, Any],
    search_path: Sequence[str],
) -> None:
    if request.method in {"GET", "HEAD"}:
        await connection.execute("set transaction read only")
    settings = {
        "search_path": ", ".join(sql.ident(name) for name in dict.fromkeys(search_path)),
        "role": role,
        "request.jwt.claims": json.dumps(dict(claims)),
        "request.method": request.method,
        "request.path": request.url.path,
        "request.headers": json.dumps(_shown_headers(request)),
    }
    listed = ", ".join(["set_config(%s, %s, true)"] * len(settings))
    values = [text for setting in settings.items() for text in setting]
    await connection.execute(f"select {listed}", values)


def _shown_headers(request: Request) -> dict[str, str]:
    return {name: value for name, value in request.headers.items() if name != "cookie"}
