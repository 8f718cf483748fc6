"""A project's schema for other programs: TypeScript types, and the description of its REST API."""

from __future__ import annotations

from typing import Final

import psycopg
from starlette.responses import JSONResponse, Response

from supasync.sandbox import typegen
from supasync.sandbox.instance import Instance
from supasync.sandbox.rest import openapi
from supasync.sandbox.routes.call import Call, Entry
from supasync.sandbox.sqlapi.failure import not_connected

Connection = psycopg.AsyncConnection[tuple[object, ...]]


async def typescript(call: Call) -> Response:
    """included_schemas: names with commas between; public when it is left out."""
    text = call.request.query_params.get("included_schemas") or "public"
    schemas = [name.strip() for name in text.replace("\0", "").split(",") if name.strip()]
    async with await _connected(call.project()) as connection:
        return JSONResponse(
            {"types": await typegen.typescript(connection, schemas, openapi.VERSION)}
        )


async def described(call: Call) -> Response:
    schema = call.request.query_params.get("schema") or "public"
    async with await _connected(call.project()) as connection:
        return JSONResponse(await openapi.document(connection, schema.replace("\0", "")))


async def _connected(project: Instance) -> Connection:
    try:
        return await project.connect("postgres")
    except psycopg.OperationalError as error:
        raise not_connected() from error


ROUTES: Final[tuple[Entry, ...]] = (
    ("GET", "/v1/projects/{ref}/types/typescript", typescript),
    ("GET", "/v1/projects/{ref}/database/openapi", described),
)
