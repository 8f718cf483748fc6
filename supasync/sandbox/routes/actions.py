"""Action runs: what happened when a branch was created, pushed or reset."""

from __future__ import annotations

from dataclasses import asdict
from typing import Final

from pydantic import BaseModel
from starlette.responses import JSONResponse, PlainTextResponse, Response

from supasync.sandbox.records import Run, StepStatus, now
from supasync.sandbox.routes.call import Call, Entry, Refusal


class UpdateStatus(BaseModel):
    clone: StepStatus | None = None
    pull: StepStatus | None = None
    health: StepStatus | None = None
    configure: StepStatus | None = None
    migrate: StepStatus | None = None
    seed: StepStatus | None = None
    deploy: StepStatus | None = None


async def everything(call: Call) -> Response:
    """Newest first. limit: at least 10, as the contract has it."""
    offset, limit = call.number("offset", 0, least=0), call.number("limit", 20, least=10)
    newest = _runs(call)[::-1][offset : offset + limit]
    return JSONResponse([_run(run) for run in newest])


async def count(call: Call) -> Response:
    return Response(headers={"X-Total-Count": str(len(_runs(call)))})


async def one(call: Call) -> Response:
    return JSONResponse(_run(_wanted(call)))


async def logs(call: Call) -> Response:
    return PlainTextResponse("".join(f"{line}\n" for line in _wanted(call).log))


async def status(call: Call) -> Response:
    """What runs a step elsewhere tells how it goes."""
    run, body = _wanted(call), await call.body(UpdateStatus)
    for name, told in body.model_dump(exclude_none=True).items():
        for step in run.steps:
            if step.name == name:
                step.status, step.updated_at = told, now()
    call.registry.save()
    return JSONResponse({"message": "ok"})


def _runs(call: Call) -> list[Run]:
    record = call.registry.branch(call.ref)
    if record is None:
        raise Refusal(404, "Project not found")
    return record.runs


def _wanted(call: Call) -> Run:
    wanted = call.request.path_params["run_id"]
    for run in _runs(call):
        if run.id == wanted:
            return run
    raise Refusal(404, "Action run not found")


def _run(run: Run) -> dict[str, object]:
    return {
        "id": run.id,
        "branch_id": run.branch_id,
        "run_steps": [asdict(step) for step in run.steps],
        "workdir": None,
        "check_run_id": None,
        "created_at": run.created_at,
        "updated_at": run.updated_at,
    }


ROUTES: Final[tuple[Entry, ...]] = (
    # HEAD first: a GET route would answer it too.
    ("HEAD", "/v1/projects/{ref}/actions", count),
    ("GET", "/v1/projects/{ref}/actions", everything),
    ("GET", "/v1/projects/{ref}/actions/{run_id}", one),
    ("GET", "/v1/projects/{ref}/actions/{run_id}/logs", logs),
    ("PATCH", "/v1/projects/{ref}/actions/{run_id}/status", status),
)
