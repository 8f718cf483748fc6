"""Settings of a project's services. Only a branch's can be changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, TypeAlias

from pydantic import TypeAdapter

from supasync.api.call import Call
from supasync.api.http import Http
from supasync.api.models import Pooler

Service: TypeAlias = Literal["auth", "postgrest", "storage", "realtime", "postgres"]
Changeable: TypeAlias = Literal["auth", "postgrest", "storage", "realtime"]

_ROUTES: Mapping[Service, str] = {
    "auth": "/v1/projects/{ref}/config/auth",
    "postgrest": "/v1/projects/{ref}/postgrest",
    "storage": "/v1/projects/{ref}/config/storage",
    "realtime": "/v1/projects/{ref}/config/realtime",
    "postgres": "/v1/projects/{ref}/config/database/postgres",
}
_SETTINGS = TypeAdapter(dict[str, Any])
_POOLERS = TypeAdapter(tuple[Pooler, ...])


class ProjectConfig:
    """What is set of any project, production's too."""

    def __init__(self, http: Http) -> None:
        self._http = http

    async def get(self, ref: str, service: Service) -> Mapping[str, Any]:
        """A service's settings by the platform's names, without the project's key for tokens.

        Secrets among them are hashes, keyed with the project's ref.
        """
        call = Call(method="GET", route=_ROUTES[service], path={"ref": ref})
        settings = await self._http.load(_SETTINGS, call)
        settings.pop("jwt_secret", None)
        return settings

    async def poolers(self, ref: str) -> tuple[Pooler, ...]:
        route = "/v1/projects/{ref}/config/database/pooler"
        return await self._http.load(_POOLERS, Call(method="GET", route=route, path={"ref": ref}))


class BranchConfig(ProjectConfig):
    """What is set of one branch, to be changed."""

    def __init__(self, http: Http, ref: str) -> None:
        super().__init__(http)
        self._ref = ref

    async def change(self, service: Changeable, changes: Mapping[str, Any]) -> None:
        """changes: what becomes different; all else stays. Doing it twice does no more."""
        call = Call(
            method="PATCH",
            route=_ROUTES[service],
            path={"ref": self._ref},
            body=changes,
            writes=True,
            reply="ignored",
        )
        await self._http.send(call)
