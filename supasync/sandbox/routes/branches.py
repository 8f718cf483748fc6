"""Branches, that of production among them.

Merge is here because the platform has it, and other clients call it; supasync never does.
"""

from __future__ import annotations

import asyncio
from typing import Final, Literal, TypeAlias

import psycopg
from pydantic import BaseModel, Field
from starlette.responses import JSONResponse, PlainTextResponse, Response

from supasync.errors import SandboxError
from supasync.sandbox import platform, schemadiff
from supasync.sandbox.records import Record, Run
from supasync.sandbox.routes.call import Call, Entry, Refusal, given

Size: TypeAlias = Literal[
    "pico", "nano", "micro", "small", "medium", "large", "xlarge",
    "2xlarge", "4xlarge", "8xlarge", "12xlarge", "16xlarge",
    "24xlarge", "24xlarge_optimized_memory", "24xlarge_optimized_cpu", "24xlarge_high_memory",
    "48xlarge", "48xlarge_optimized_memory", "48xlarge_optimized_cpu", "48xlarge_high_memory",
]  # fmt: skip
Channel: TypeAlias = Literal["internal", "alpha", "beta", "ga", "withdrawn", "preview"]


class CreateBranch(BaseModel):
    """region, size, channel and secrets are checked; here they make no difference."""

    branch_name: str = Field(min_length=1)
    git_branch: str | None = None
    is_default: bool = False
    persistent: bool = False
    region: str | None = None
    desired_instance_size: Size | None = None
    release_channel: Channel | None = None
    postgres_engine: Literal["15", "17", "17-oriole"] | None = None
    secrets: dict[str, str] | None = None
    with_data: bool = False
    notify_url: str | None = None


class UpdateBranch(BaseModel):
    branch_name: str | None = Field(None, min_length=1)
    git_branch: str | None = None
    persistent: bool | None = None
    notify_url: str | None = None


class Action(BaseModel):
    migration_version: str | None = None


async def everything(call: Call) -> Response:
    call.main()
    _enabled(call)
    return JSONResponse([_branch(call, record) for record in call.registry.records])


async def named(call: Call) -> Response:
    call.main()
    _enabled(call)
    found = call.registry.named(call.request.path_params["name"])
    if found is None:
        raise Refusal(404, "Branch not found")
    return JSONResponse(_branch(call, found))


async def create(call: Call) -> Response:
    """Answered at once; the branch is built in the background."""
    main, body = call.main(), await call.body(CreateBranch)
    if call.registry.state.plan == "free":
        raise Refusal(402, "Branching is supported only on the Pro plan or above")
    if body.is_default:
        return _enable(call, body)
    _enabled(call)
    if call.registry.named(body.branch_name) is not None:
        raise Refusal(409, f"A branch named {body.branch_name} already exists.")
    engine = str(main.binaries.major)
    if body.postgres_engine not in {None, engine}:
        raise Refusal(400, f"postgres_engine: this sandbox runs PostgreSQL {engine}.")
    if body.with_data:
        raise Refusal(400, "with_data: this sandbox makes branches without data only.")
    record = Record.new(
        body.branch_name,
        git_branch=body.git_branch,
        persistent=body.persistent,
        notify_url=body.notify_url,
    )
    call.branching.create(record)
    return JSONResponse(_branch(call, record), 201)


def _enabled(call: Call) -> None:
    if not call.registry.state.branching:
        raise Refusal(422, "Preview branching is not enabled for this project.")


def _enable(call: Call, body: CreateBranch) -> Response:
    """The default branch is production itself: its creation enables branching."""
    state = call.registry.state
    if state.branching:
        raise Refusal(409, "The project has a default branch already.")
    state.branching = True
    state.main.name, state.main.git_branch = body.branch_name, body.git_branch
    state.main.touch(call.registry.clock.stamp())
    call.registry.save()
    return JSONResponse(_branch(call, state.main), 201)


async def disable(call: Call) -> Response:
    """All branches go, and branching is as if it was never enabled."""
    call.main()
    _enabled(call)
    for record in list(call.registry.state.branches):
        await call.branching.delete(record)
    call.registry.state.branching = False
    call.registry.save()
    return Response()


async def detail(call: Call) -> Response:
    record = call.branch()
    instance = call.registry.find(record.ref)
    return JSONResponse(
        {
            "ref": record.ref,
            "postgres_version": call.registry.binaries.version,
            "postgres_engine": str(call.registry.binaries.major),
            "release_channel": "ga",
            "status": record.project_status,
            "db_host": "127.0.0.1",
            # The contract wants a port, though a branch that is still being made has no server:
            # one that nobody has, unlike 5432.
            "db_port": (instance.cluster.port if instance else 0) or 1,
            "db_user": "postgres",
            **({"db_pass": record.passwords["postgres"]} if record.passwords else {}),
            "jwt_secret": record.keys.jwt_secret,
        }
    )


async def update(call: Call) -> Response:
    record, body = call.branch(), await call.body(UpdateBranch)
    if body.branch_name is not None and call.registry.named(body.branch_name) not in (None, record):
        raise Refusal(409, f"A branch named {body.branch_name} already exists.")
    record.name = body.branch_name or record.name
    for field in ("git_branch", "persistent", "notify_url"):
        if field in body.model_fields_set:
            setattr(record, field, getattr(body, field))
    record.touch(call.registry.clock.stamp())
    call.registry.save()
    return JSONResponse(_branch(call, record))


async def delete(call: Call) -> Response:
    record = call.preview()
    if record.persistent:
        raise Refusal(422, "Persistent branches cannot be deleted. Make it ephemeral first.")
    if record.project_status == "COMING_UP":
        raise Refusal(400, "Project not ready for deletion.")
    await call.branching.delete(record)
    return JSONResponse({"message": "ok"})


async def diff(call: Call) -> Response:
    """SQL that turns main into the branch, as the platform answers it."""
    record = _settled(call)
    _started_up(record)
    text = call.request.query_params.get("included_schemas", "")
    schemas = [name for name in text.replace("\0", "").split(",") if name]
    pg_dump = call.registry.binaries.tool("pg_dump")
    ends = (call.registry.main, call.registry.instances[record.ref])
    try:
        for end in ends:
            await (await end.connect(platform.SUPERUSER)).close()
    except psycopg.OperationalError as error:
        told = "Failed to diff database branch: Connection terminated due to connection timeout"
        raise Refusal(504, told) from error
    try:
        dumps = await asyncio.gather(
            *(asyncio.to_thread(schemadiff.dump, pg_dump, end.admin_url, schemas) for end in ends)
        )
    except SandboxError as error:
        _started_up(record)  # else it was reset meanwhile
        raise Refusal(500, f"Failed to diff database branch: {error.message}") from error
    return PlainTextResponse(schemadiff.difference(*dumps))


async def push(call: Call) -> Response:
    body = await call.body(Action)
    return _started(call.branching.push(_settled(call), body.migration_version))


async def merge(call: Call) -> Response:
    """Main runs the branch's migrations that it does not have."""
    body = await call.body(Action)
    return _started(call.branching.merge(_settled(call), body.migration_version))


async def reset(call: Call) -> Response:
    body = await call.body(Action)
    return _started(call.branching.reset(_settled(call), body.migration_version))


def _settled(call: Call) -> Record:
    record = call.preview()
    if call.registry.find(record.ref) is None:
        raise Refusal(422, "The branch is still being created.")
    return record


def _started_up(record: Record) -> None:
    if record.project_status == "COMING_UP":
        raise Refusal(422, "The branch is still being created.")


def _started(run: Run) -> Response:
    return JSONResponse({"workflow_run_id": run.id, "message": "ok"}, 201)


def _branch(call: Call, record: Record) -> dict[str, object]:
    return given(
        id=record.branch_id,
        name=record.name,
        project_ref=record.ref,
        parent_project_ref=call.registry.state.main.ref,
        is_default=record.is_default,
        git_branch=record.git_branch,
        persistent=record.persistent,
        status=record.status,
        created_at=record.created_at,
        updated_at=record.updated_at,
        with_data=False,
        notify_url=record.notify_url,
        preview_project_status=record.project_status,
    )


ROUTES: Final[tuple[Entry, ...]] = (
    ("GET", "/v1/projects/{ref}/branches", everything),
    ("POST", "/v1/projects/{ref}/branches", create),
    ("DELETE", "/v1/projects/{ref}/branches", disable),
    ("GET", "/v1/projects/{ref}/branches/{name:path}", named),
    ("GET", "/v1/branches/{branch}", detail),
    ("PATCH", "/v1/branches/{branch}", update),
    ("DELETE", "/v1/branches/{branch}", delete),
    ("GET", "/v1/branches/{branch}/diff", diff),
    ("POST", "/v1/branches/{branch}/push", push),
    ("POST", "/v1/branches/{branch}/merge", merge),
    ("POST", "/v1/branches/{branch}/reset", reset),
)
