"""A project's schema for other programs: TypeScript types, and the description of its REST API."""

from __future__ import annotations

from typing import Final

from starlette.responses import JSONResponse, Response

from supasync.sandbox import typegen
from supasync.sandbox.rest import openapi
from supasync.sandbox.routes.call import Call, Entry
from supasync.sandbox.sqlapi.run import READ_WRITE
from supasync.sandbox.sqlapi.session import session


async def typescript(call: Call) -> Response:
    """included_schemas: names with commas between; public when it is left out."""
    text = call.request.query_params.get("included_schemas") or "public"
    schemas = [name.strip() for name in text.replace("\0", "").split(",") if name.strip()]
    async with session(call.project(), READ_WRITE) as connection:
        return JSONResponse(
            {"types": await typegen.typescript(connection, schemas, openapi.VERSION)}
        )


async def described(call: Call) -> Response:
    schema = call.request.query_params.get("schema") or "public"
    async with session(call.project(), READ_WRITE) as connection:
        return JSONResponse(await openapi.document(connection, schema.replace("\0", "")))


ROUTES: Final[tuple[Entry, ...]] = (
    ("GET", "/v1/projects/{ref}/types/typescript", typescript),
    ("GET", "/v1/projects/{ref}/database/openapi", described),
)
