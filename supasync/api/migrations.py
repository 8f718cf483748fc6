"""A project's migration history, read only: supasync never writes it."""

from __future__ import annotations

from pydantic import TypeAdapter

from supasync.api.call import Call
from supasync.api.http import Http
from supasync.api.models import Migration, MigrationDetail

_ALL = "/v1/projects/{ref}/database/migrations"
_MIGRATION = TypeAdapter(MigrationDetail)
_MIGRATIONS = TypeAdapter(tuple[Migration, ...])


class Migrations:
    def __init__(self, http: Http) -> None:
        self._http = http

    async def list(self, ref: str) -> tuple[Migration, ...]:
        return await self._http.load(_MIGRATIONS, Call(method="GET", route=_ALL, path={"ref": ref}))

    async def get(self, ref: str, version: str) -> MigrationDetail:
        path = {"ref": ref, "version": version}
        call = Call(method="GET", route=_ALL + "/{version}", path=path)
        return await self._http.load(_MIGRATION, call)
