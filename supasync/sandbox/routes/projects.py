"""Projects: what they are, whether they work, their keys, pausing."""

from __future__ import annotations

from typing import Final

from starlette.responses import JSONResponse, Response

from supasync.sandbox import power
from supasync.sandbox.instance import Instance
from supasync.sandbox.routes.call import Call, Entry, Refusal
from supasync.sandbox.sqlapi.failure import Failure
from supasync.sandbox.sqlapi.run import run

SERVICES: Final = (
    "auth",
    "db",
    "db_postgres_user",
    "pooler",
    "realtime",
    "rest",
    "storage",
    "pg_bouncer",
)
OFFERED: Final = frozenset({"auth", "db", "db_postgres_user", "rest"})


async def everything(call: Call) -> Response:
    return JSONResponse([_project(call, call.registry.main)])


async def one(call: Call) -> Response:
    return JSONResponse(_project(call, call.main()))


def _project(call: Call, project: Instance) -> dict[str, object]:
    state, record = call.registry.state, project.record
    return {
        "id": record.ref,
        "ref": record.ref,
        "organization_id": state.organization,
        "organization_slug": state.organization,
        "name": "sandbox",
        "region": "local",
        "created_at": record.created_at,
        "status": record.project_status,
        "database": {
            "host": "127.0.0.1",
            "version": project.binaries.version,
            "postgres_engine": str(project.binaries.major),
            "release_channel": "ga",
        },
    }


async def health(call: Call) -> Response:
    project = call.project()
    wanted = call.request.query_params.getlist("services")
    services = [name for text in wanted for name in text.split(",")]
    if not services or any(name not in SERVICES for name in services):
        raise Refusal(400, f"services: must be among {', '.join(SERVICES)}")
    try:
        await run(project, "select 1", seconds=5)
        answers = True
    except Failure:
        answers = False
    return JSONResponse([_service(name, answers) for name in services])


def _service(name: str, answers: bool) -> dict[str, object]:
    """All that the sandbox offers stands on the database; what it does not offer is not healthy."""
    if name not in OFFERED:
        why = "This service is not part of the sandbox."
        return {"name": name, "healthy": False, "status": "UNHEALTHY", "error": why}
    if not answers:
        why = "The database does not answer."
        return {"name": name, "healthy": False, "status": "UNHEALTHY", "error": why}
    return {"name": name, "healthy": True, "status": "ACTIVE_HEALTHY"}


async def pause(call: Call) -> Response:
    project = call.project()
    if project.record.project_status != "ACTIVE_HEALTHY":
        raise Refusal(400, "Only an active project can be paused.")
    await power.pause(call.registry, project)
    return Response()


async def versions(call: Call) -> Response:
    """With which PostgreSQL a paused project can come up again: the one it had."""
    engine = str(call.project().binaries.major)
    version = {
        "version": call.registry.binaries.version,
        "release_channel": "ga",
        "postgres_engine": engine,
    }
    return JSONResponse({"available_versions": [version]})


async def restore(call: Call) -> Response:
    project = call.project()
    if project.record.project_status != "INACTIVE":
        raise Refusal(400, "Only a paused project can be restored.")
    await power.restore(call.registry, project)
    return Response()


ROUTES: Final[tuple[Entry, ...]] = (
    ("GET", "/v1/projects", everything),
    ("GET", "/v1/projects/{ref}", one),
    ("GET", "/v1/projects/{ref}/health", health),
    ("POST", "/v1/projects/{ref}/pause", pause),
    ("GET", "/v1/projects/{ref}/restore", versions),
    ("POST", "/v1/projects/{ref}/restore", restore),
)
