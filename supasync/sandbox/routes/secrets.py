"""Variables of edge functions. Their values are never told: what is listed is a digest."""

from __future__ import annotations

import hashlib
from typing import Annotated, Final

from pydantic import AfterValidator, BaseModel, Field, RootModel
from starlette.responses import JSONResponse, Response

from supasync.sandbox.projectconfig import Secret
from supasync.sandbox.records import now
from supasync.sandbox.routes.call import Call, Entry


def _not_reserved(name: str) -> str:
    if name.startswith("SUPABASE_"):
        raise ValueError("Secret name must not start with the SUPABASE_ prefix.")
    return name


class NewSecret(BaseModel):
    name: Annotated[str, Field(max_length=256), AfterValidator(_not_reserved)]
    value: str = Field(max_length=24_576)


class NewSecrets(RootModel[list[NewSecret]]):
    pass


class Names(RootModel[list[str]]):
    pass


async def everything(call: Call) -> Response:
    secrets = sorted(call.record().config.secrets.items())
    return JSONResponse(
        [
            {"name": name, "value": secret.digest, "updated_at": secret.updated_at}
            for name, secret in secrets
        ]
    )


async def create(call: Call) -> Response:
    record, body = call.record(), await call.body(NewSecrets)
    for secret in body.root:
        digest = hashlib.sha256(secret.value.encode()).hexdigest()
        record.config.secrets[secret.name] = Secret(digest, now())
    call.registry.save()
    return Response(status_code=201)


async def delete(call: Call) -> Response:
    record, body = call.record(), await call.body(Names)
    for name in body.root:
        record.config.secrets.pop(name, None)
    call.registry.save()
    return JSONResponse({})


ROUTES: Final[tuple[Entry, ...]] = (
    ("GET", "/v1/projects/{ref}/secrets", everything),
    ("POST", "/v1/projects/{ref}/secrets", create),
    ("DELETE", "/v1/projects/{ref}/secrets", delete),
)
