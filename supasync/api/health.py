"""Health of a project's services."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import TypeAdapter

from supasync.api.call import Call
from supasync.api.http import Http
from supasync.api.models import ServiceHealth

_HEALTH = TypeAdapter(tuple[ServiceHealth, ...])


class Health:
    def __init__(self, http: Http) -> None:
        self._http = http

    async def get(self, ref: str, services: Sequence[str]) -> tuple[ServiceHealth, ...]:
        """services: of auth, db, db_postgres_user, pooler, realtime, rest, storage, pg_bouncer."""
        call = Call(
            method="GET",
            route="/v1/projects/{ref}/health",
            path={"ref": ref},
            query=tuple(("services", service) for service in services),
        )
        return await self._http.load(_HEALTH, call)
