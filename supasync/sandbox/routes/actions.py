"""Action runs: what happened when a branch was created, pushed or reset."""

from __future__ import annotations

from dataclasses import asdict
from typing import Final

from starlette.responses import JSONResponse, PlainTextResponse, Response

from supasync.sandbox.records import Run
from supasync.sandbox.routes.call import Call, Entry, Refusal


async def everything(call: Call) -> Response:
    """Newest first. limit: at least 10, as the contract has it."""
    try:
        offset = int(call.request.query_params.get("offset", "0"))
        limit = int(call.request.query_params.get("limit", "20"))
    except ValueError as error:
        raise Refusal(400, "offset, limit: must be numbers") from error
    if offset < 0 or limit < 10:
        raise Refusal(400, "offset: must be at least 0; limit: must be at least 10")
    newest = _runs(call)[::-1][offset : offset + limit]
    return JSONResponse([_run(run) for run in newest])


async def count(call: Call) -> Response:
    return Response(headers={"X-Total-Count": str(len(_runs(call)))})


async def one(call: Call) -> Response:
    return JSONResponse(_run(_wanted(call)))


async def logs(call: Call) -> Response:
    return PlainTextResponse("".join(f"{line}\n" for line in _wanted(call).log))


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
        "git_config": None,
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
)
