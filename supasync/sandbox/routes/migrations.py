"""The migration history of a project or branch."""

from __future__ import annotations

from typing import Final

from pydantic import BaseModel, Field
from starlette.responses import JSONResponse, Response

from supasync.sandbox import history
from supasync.sandbox.history import Migration
from supasync.sandbox.routes.call import Call, Entry, Refusal


class Apply(BaseModel):
    query: str = Field(min_length=1)
    name: str | None = None
    rollback: str | None = None


async def everything(call: Call) -> Response:
    rows = await history.rows(call.project())
    return JSONResponse([_given(version=row.version, name=row.name) for row in rows])


async def one(call: Call) -> Response:
    wanted = call.request.path_params["version"]
    for row in await history.rows(call.project()):
        if row.version == wanted:
            return JSONResponse(_given(**vars(row)))
    raise Refusal(404, "Migration not found")


async def apply(call: Call) -> Response:
    """Run and record; with an Idempotency-Key that is recorded already nothing is run."""
    project = call.project()
    await history.apply(project, await _migration(call))
    return JSONResponse([])


async def record(call: Call) -> Response:
    """Record without running."""
    project = call.project()
    await history.record(project, await _migration(call))
    return JSONResponse([])


async def _migration(call: Call) -> Migration:
    body = await call.body(Apply)
    return Migration(
        version=await history.new_version(call.project()),
        statements=[body.query],
        name=body.name,
        idempotency_key=call.request.headers.get("idempotency-key"),
        rollback=None if body.rollback is None else [body.rollback],
    )


def _given(**fields: object) -> dict[str, object]:
    return {name: value for name, value in fields.items() if value is not None}


ROUTES: Final[tuple[Entry, ...]] = (
    ("GET", "/v1/projects/{ref}/database/migrations", everything),
    ("POST", "/v1/projects/{ref}/database/migrations", apply),
    ("PUT", "/v1/projects/{ref}/database/migrations", record),
    ("GET", "/v1/projects/{ref}/database/migrations/{version}", one),
)
