"""API keys: the JWTs of the older generation, the default publishable and secret key, and more."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final, Literal
from uuid import NAMESPACE_URL, uuid4, uuid5

from pydantic import BaseModel, Field
from starlette.responses import JSONResponse, Response

from supasync.sandbox.instance import Instance
from supasync.sandbox.keys import bearer, new_token
from supasync.sandbox.project import ApiKey, Keys
from supasync.sandbox.records import now
from supasync.sandbox.routes.call import Call, Entry, Refusal, given

NAME: Final = r"^[a-z_][a-z0-9_]+$"
SHOWN: Final = 15
"""Characters of a masked key that stay: `sb_secret_` and five of its own."""


class UpdateKey(BaseModel):
    name: str = Field("", min_length=4, max_length=64, pattern=NAME)
    description: str | None = None
    secret_jwt_template: dict[str, Any] | None = None


class CreateKey(UpdateKey):
    type: Literal["publishable", "secret"]
    name: str = Field(min_length=4, max_length=64, pattern=NAME)


async def everything(call: Call) -> Response:
    """Both generations; what is secret is masked unless `reveal=true`, as on the platform."""
    project, reveal = call.project(), call.flag("reveal")
    keys, since = project.keys, project.record.created_at
    legacy = [
        {
            "id": name,
            "type": "legacy",
            "name": name,
            "api_key": token,
            "prefix": token[-5:],
            "inserted_at": since,
            "updated_at": since,
        }
        for name, token in (("anon", keys.anon), ("service_role", keys.service_role))
    ]
    newer = [_shown(key, reveal=reveal) for key in _all(project)]
    return JSONResponse([*(legacy if keys.legacy else []), *newer])


async def create(call: Call) -> Response:
    project, reveal = call.project(), call.flag("reveal")
    body = await call.body(CreateKey)
    if any(key.name == body.name and key.type == body.type for key in _all(project)):
        raise Refusal(409, f"A {body.type} API key with this name exists already.")
    made = ApiKey(
        id=str(uuid4()),
        type=body.type,
        name=body.name,
        token=new_token(body.type),
        bearer=_bearer(project, body.type, body.secret_jwt_template),
        since=now(),
        changed=now(),
        description=body.description,
        template=_template(body.type, body.secret_jwt_template),
    )
    _keep(call, project, made=(*project.keys.made, made))
    return JSONResponse(_shown(made, reveal=reveal), 201)


async def one(call: Call) -> Response:
    project, reveal = call.project(), call.flag("reveal")
    return JSONResponse(_shown(_wanted(call, project), reveal=reveal))


async def update(call: Call) -> Response:
    project, reveal = call.project(), call.flag("reveal")
    body, old = await call.body(UpdateKey), _made(call, project)
    given = body.model_dump(exclude_unset=True)
    template = given.get("secret_jwt_template", old.template)
    new = replace(
        old,
        name=given.get("name", old.name),
        description=given.get("description", old.description),
        template=_template(old.type, template),
        bearer=_bearer(project, old.type, template),
        changed=now(),
    )
    _keep(call, project, made=tuple(new if key is old else key for key in project.keys.made))
    return JSONResponse(_shown(new, reveal=reveal))


async def delete(call: Call) -> Response:
    """The key stops working at once."""
    project, reveal = call.project(), call.flag("reveal")
    gone = _made(call, project)
    _keep(call, project, made=tuple(key for key in project.keys.made if key is not gone))
    return JSONResponse(_shown(gone, reveal=reveal))


async def legacy(call: Call) -> Response:
    return JSONResponse({"enabled": call.project().keys.legacy})


async def switch_legacy(call: Call) -> Response:
    """Whether the two JWTs are accepted as API keys; what they have signed stays valid."""
    project = call.project()
    if "enabled" not in call.request.query_params:
        raise Refusal(400, "enabled: Required")
    _keep(call, project, legacy=call.flag("enabled"))
    return JSONResponse({"enabled": project.keys.legacy})


def _all(project: Instance) -> Iterator[ApiKey]:
    yield _default(project, "publishable", project.keys.publishable)
    yield _default(project, "secret", project.keys.secret)
    yield from project.keys.made


def _default(project: Instance, kind: Literal["publishable", "secret"], token: str) -> ApiKey:
    since = project.record.created_at
    return ApiKey(
        id=str(uuid5(NAMESPACE_URL, f"{project.ref}/{kind}")),
        type=kind,
        name="default",  # both are called so: clients tell them apart by type
        token=token,
        bearer=project.keys.bearer(token) or "",
        since=since,
        changed=since,
        description="",
        template=_template(kind, None),
    )


def _template(kind: str, given: dict[str, Any] | None) -> dict[str, Any] | None:
    """The claims of a secret key's JWT; a publishable key's are not shown."""
    return None if kind == "publishable" else given or {"role": "service_role"}


def _bearer(project: Instance, kind: str, template: dict[str, Any] | None) -> str:
    claims = _template(kind, template) or {"role": "anon"}
    return bearer(project.ref, project.keys.jwt_secret, {"role": "service_role", **claims})


def _wanted(call: Call, project: Instance) -> ApiKey:
    wanted = call.request.path_params["id"]
    for key in _all(project):
        if key.id == wanted:
            return key
    raise Refusal(404, "API key not found")


def _made(call: Call, project: Instance) -> ApiKey:
    key = _wanted(call, project)
    if key.name == "default":
        raise Refusal(400, "The default keys of a sandbox stay as they are.")
    return key


def _keep(call: Call, project: Instance, **changes: Any) -> None:
    keys: Keys = replace(project.keys, **changes)
    project.record.keys = keys
    call.registry.save()


def _shown(key: ApiKey, *, reveal: bool) -> dict[str, object]:
    secret = key.type == "secret" and not reveal
    token = key.token[:SHOWN] + "·" * (len(key.token) - SHOWN) if secret else key.token
    return given(
        id=key.id,
        type=key.type,
        name=key.name,
        api_key=token,
        prefix=key.token[:SHOWN],
        description=key.description,
        secret_jwt_template=key.template,
        inserted_at=key.since,
        updated_at=key.changed,
    )


ROUTES: Final[tuple[Entry, ...]] = (
    ("GET", "/v1/projects/{ref}/api-keys", everything),
    ("POST", "/v1/projects/{ref}/api-keys", create),
    ("GET", "/v1/projects/{ref}/api-keys/legacy", legacy),
    ("PUT", "/v1/projects/{ref}/api-keys/legacy", switch_legacy),
    ("GET", "/v1/projects/{ref}/api-keys/{id}", one),
    ("PATCH", "/v1/projects/{ref}/api-keys/{id}", update),
    ("DELETE", "/v1/projects/{ref}/api-keys/{id}", delete),
)
