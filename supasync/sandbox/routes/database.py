"""SQL, read-write and read-only."""

from __future__ import annotations

from typing import Any, Final

from pydantic import BaseModel, Field
from starlette.responses import Response

from supasync.sandbox.routes.call import Call, Entry
from supasync.sandbox.sqlapi.run import READ_ONLY, READ_WRITE, run
from supasync.sandbox.sqlapi.values import dumps


class ReadOnlyQuery(BaseModel):
    query: str = Field(min_length=1)
    parameters: list[Any] | None = None


class Query(ReadOnlyQuery):
    read_only: bool = False


async def query(call: Call) -> Response:
    project, body = call.project(), await call.body(Query)
    role = READ_ONLY if body.read_only else READ_WRITE
    return _rows(await run(project, body.query, role=role, parameters=body.parameters or ()))


async def read_only(call: Call) -> Response:
    project, body = call.project(), await call.body(ReadOnlyQuery)
    parameters = body.parameters or ()
    return _rows(await run(project, body.query, role=READ_ONLY, parameters=parameters))


def _rows(rows: list[dict[str, object]]) -> Response:
    """As recorded from the platform, status 201 included."""
    headers = {"cache-control": "no-cache"}
    return Response(dumps(rows), 201, headers, media_type="application/json")


ROUTES: Final[tuple[Entry, ...]] = (
    ("POST", "/v1/projects/{ref}/database/query", query),
    ("POST", "/v1/projects/{ref}/database/query/read-only", read_only),
)
