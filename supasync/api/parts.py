"""What a project has besides its database: edge functions and their variables. Read only."""

from __future__ import annotations

from pydantic import TypeAdapter

from supasync.api.call import Call
from supasync.api.http import Http
from supasync.api.models import EdgeFunction, Named

_FUNCTIONS = TypeAdapter(tuple[EdgeFunction, ...])
_SECRETS = TypeAdapter(tuple[Named, ...])


class Parts:
    def __init__(self, http: Http) -> None:
        self._http = http

    async def functions(self, ref: str) -> tuple[EdgeFunction, ...]:
        return await self._http.load(_FUNCTIONS, _call("/v1/projects/{ref}/functions", ref))

    async def secret_names(self, ref: str) -> tuple[str, ...]:
        """What else the platform tells of a secret is not even kept."""
        listed = await self._http.load(_SECRETS, _call("/v1/projects/{ref}/secrets", ref))
        return tuple(each.name for each in listed)


def _call(route: str, ref: str) -> Call:
    return Call(method="GET", route=route, path={"ref": ref})
