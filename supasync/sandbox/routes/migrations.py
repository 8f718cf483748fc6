"""The migration history of a project or branch."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from pydantic import BaseModel, Field
from starlette.responses import JSONResponse, Response

from supasync.sandbox import history
from supasync.sandbox.history import Migration
from supasync.sandbox.instance import Instance
from supasync.sandbox.routes.call import Call, Entry, Refusal, given


class Apply(BaseModel):
    query: str = Field(min_length=1)
    name: str | None = None
    rollback: str | None = None


class Change(BaseModel):
    name: str | None = None
    rollback: str | None = None


async def everything(call: Call) -> Response:
    rows = await history.rows(call.project())
    return JSONResponse([given(version=row.version, name=row.name) for row in rows])


async def one(call: Call) -> Response:
    return JSONResponse(given(**vars(await _wanted(call, call.project()))))


async def apply(call: Call) -> Response:
    """Run and record; with an Idempotency-Key that is recorded already nothing is run."""
    project = call.project()
    await history.apply(project, await _migration(call))
    return JSONResponse([])


async def record(call: Call) -> Response:
    """Record without running; what has the same Idempotency-Key is replaced."""
    project = call.project()
    await history.record(project, await _migration(call))
    return JSONResponse([])


async def roll_back(call: Call) -> Response:
    """Undo all migrations from a version on."""
    project, version = call.project(), call.request.query_params.get("gte", "")
    if not (version.isascii() and version.isdigit()):
        raise Refusal(400, "gte: must be a version")
    await history.roll_back(project, version)
    return JSONResponse([])


async def change(call: Call) -> Response:
    project = call.project()
    body, row = await call.body(Change), await _wanted(call, project)
    if body.name is not None:
        row = replace(row, name=body.name)
    if body.rollback is not None:
        row = replace(row, rollback=[body.rollback])
    await history.update(project, row)
    return JSONResponse([])


async def _wanted(call: Call, project: Instance) -> Migration:
    wanted = call.request.path_params["version"]
    for row in await history.rows(project):
        if row.version == wanted:
            return row
    raise Refusal(404, "Migration not found")


async def _migration(call: Call) -> Migration:
    body = await call.body(Apply)
    return Migration(
        statements=[body.query],
        name=body.name,
        idempotency_key=call.request.headers.get("idempotency-key"),
        rollback=None if body.rollback is None else [body.rollback],
    )


ROUTES: Final[tuple[Entry, ...]] = (
    ("GET", "/v1/projects/{ref}/database/migrations", everything),
    ("POST", "/v1/projects/{ref}/database/migrations", apply),
    ("PUT", "/v1/projects/{ref}/database/migrations", record),
    ("DELETE", "/v1/projects/{ref}/database/migrations", roll_back),
    ("GET", "/v1/projects/{ref}/database/migrations/{version}", one),
    ("PATCH", "/v1/projects/{ref}/database/migrations/{version}", change),
)
