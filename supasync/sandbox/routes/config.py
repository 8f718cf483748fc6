"""Settings of a project's services: read, and changed where the platform lets them be changed."""

from __future__ import annotations

from typing import Any, Final

from pydantic import BaseModel
from starlette.responses import JSONResponse, Response

from supasync.sandbox.projectconfig.auth import SECRETS, UpdateAuthConfig, masked
from supasync.sandbox.projectconfig.postgres import UpdatePostgresConfig
from supasync.sandbox.projectconfig.postgrest import UpdatePostgrestConfig
from supasync.sandbox.projectconfig.realtime import UpdateRealtimeConfig
from supasync.sandbox.projectconfig.storage import UpdateStorageConfig, merged
from supasync.sandbox.routes.call import Call, Entry


async def auth(call: Call) -> Response:
    return JSONResponse(call.record().config.auth.shown())


async def update_auth(call: Call) -> Response:
    """Secrets are kept as they are shown, and never again in the clear."""
    record, sent = call.record(), _sent(await call.body(UpdateAuthConfig))
    hidden = {
        name: masked(value, record.ref) for name, value in sent.items() if name in SECRETS and value
    }
    record.config.auth_changes |= sent | hidden
    call.registry.save()
    return JSONResponse(record.config.auth.shown())


async def postgrest(call: Call) -> Response:
    record = call.record()
    return JSONResponse(record.config.postgrest | {"jwt_secret": record.keys.jwt_secret})


async def update_postgrest(call: Call) -> Response:
    record, body = call.record(), await call.body(UpdatePostgrestConfig)
    record.config.postgrest_changes |= _sent(body)
    call.registry.save()
    return JSONResponse(record.config.postgrest)


async def storage(call: Call) -> Response:
    return JSONResponse(call.record().config.storage)


async def update_storage(call: Call) -> Response:
    config, sent = call.record().config, _sent(await call.body(UpdateStorageConfig))
    config.storage_changes = merged(config.storage_changes, sent)
    call.registry.save()
    return Response()


async def realtime(call: Call) -> Response:
    return JSONResponse(call.record().config.realtime)


async def update_realtime(call: Call) -> Response:
    config, sent = call.record().config, _sent(await call.body(UpdateRealtimeConfig))
    config.realtime_changes |= sent
    call.registry.save()
    return Response(status_code=204)


async def postgres(call: Call) -> Response:
    return JSONResponse(call.record().config.postgres)


async def update_postgres(call: Call) -> Response:
    config, sent = call.record().config, _sent(await call.body(UpdatePostgresConfig))
    sent.pop("restart_database", None)
    config.postgres |= sent
    call.registry.save()
    return JSONResponse(config.postgres)


async def pooler(call: Call) -> Response:
    """The server itself, which has to do without a pooler; its login is plain `postgres`."""
    project = call.project()
    host, port = "127.0.0.1", project.cluster.port or 6543
    url = f"postgresql://postgres:[YOUR-PASSWORD]@{host}:{port}/postgres"
    return JSONResponse(
        [
            {
                "identifier": project.ref,
                "database_type": "PRIMARY",
                "is_using_scram_auth": True,
                "db_user": "postgres",
                "db_host": host,
                "db_port": port,
                "db_name": "postgres",
                "connection_string": url,
                "connectionString": url,
                "default_pool_size": None,
                "max_client_conn": None,
                "pool_mode": "session",
            }
        ]
    )


def _sent(body: BaseModel) -> dict[str, Any]:
    return body.model_dump(exclude_unset=True)


ROUTES: Final[tuple[Entry, ...]] = (
    ("GET", "/v1/projects/{ref}/config/auth", auth),
    ("PATCH", "/v1/projects/{ref}/config/auth", update_auth),
    ("GET", "/v1/projects/{ref}/postgrest", postgrest),
    ("PATCH", "/v1/projects/{ref}/postgrest", update_postgrest),
    ("GET", "/v1/projects/{ref}/config/storage", storage),
    ("PATCH", "/v1/projects/{ref}/config/storage", update_storage),
    ("GET", "/v1/projects/{ref}/config/realtime", realtime),
    ("PATCH", "/v1/projects/{ref}/config/realtime", update_realtime),
    ("GET", "/v1/projects/{ref}/config/database/postgres", postgres),
    ("PUT", "/v1/projects/{ref}/config/database/postgres", update_postgres),
    ("GET", "/v1/projects/{ref}/config/database/pooler", pooler),
)
