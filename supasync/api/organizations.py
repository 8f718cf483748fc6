"""Organizations: whose plan says what a project may have."""

from __future__ import annotations

from pydantic import TypeAdapter

from supasync.api.call import Call
from supasync.api.http import Http
from supasync.api.models import Organization

_ORGANIZATION = TypeAdapter(Organization)


class Organizations:
    def __init__(self, http: Http) -> None:
        self._http = http

    async def get(self, slug: str) -> Organization:
        call = Call(method="GET", route="/v1/organizations/{slug}", path={"slug": slug})
        return await self._http.load(_ORGANIZATION, call)
