"""Edge functions: what is deployed. The sandbox keeps a list of them and runs none."""

from __future__ import annotations

import hashlib
import time
from typing import Final
from uuid import uuid4

from pydantic import BaseModel, Field
from starlette.responses import JSONResponse, Response

from supasync.sandbox.projectconfig import EdgeFunction
from supasync.sandbox.routes.call import Call, Entry, Refusal


class CreateFunction(BaseModel):
    slug: str = Field(pattern="^[A-Za-z][A-Za-z0-9_-]*$")
    name: str
    body: str
    verify_jwt: bool = True


async def everything(call: Call) -> Response:
    record = call.record()
    return JSONResponse([_function(each, record.ref) for each in record.config.functions.values()])


async def one(call: Call) -> Response:
    return JSONResponse(_function(_wanted(call), call.ref))


async def create(call: Call) -> Response:
    record, body = call.record(), await call.body(CreateFunction)
    if body.slug in record.config.functions:
        raise Refusal(400, f"Function {body.slug} already exists.")
    at = int(time.time() * 1000)
    made = EdgeFunction(
        id=str(uuid4()),
        slug=body.slug,
        name=body.name,
        ezbr_sha256=hashlib.sha256(body.body.encode()).hexdigest(),
        created_at=at,
        updated_at=at,
        verify_jwt=body.verify_jwt,
    )
    record.config.functions[body.slug] = made
    call.registry.save()
    return JSONResponse(_function(made, record.ref), 201)


async def delete(call: Call) -> Response:
    record = call.record()
    del record.config.functions[_wanted(call).slug]
    call.registry.save()
    return Response()


def _wanted(call: Call) -> EdgeFunction:
    found = call.record().config.functions.get(call.request.path_params["function_slug"])
    if found is None:
        raise Refusal(404, "Function not found")
    return found


def _function(function: EdgeFunction, ref: str) -> dict[str, object]:
    """The platform's entrypoint names the project and the deployment."""
    source = f"file:///tmp/user_fn_{ref}_{function.id}_{function.version}/source"
    return {
        "id": function.id,
        "slug": function.slug,
        "name": function.name,
        "status": "ACTIVE",
        "version": function.version,
        "created_at": function.created_at,
        "updated_at": function.updated_at,
        "verify_jwt": function.verify_jwt,
        "import_map": False,
        "entrypoint_path": f"{source}/index.ts",
        "ezbr_sha256": function.ezbr_sha256,
    }


ROUTES: Final[tuple[Entry, ...]] = (
    ("GET", "/v1/projects/{ref}/functions", everything),
    ("POST", "/v1/projects/{ref}/functions", create),
    ("GET", "/v1/projects/{ref}/functions/{function_slug}", one),
    ("DELETE", "/v1/projects/{ref}/functions/{function_slug}", delete),
)
