"""Projects. A branch's ref is not readable here (the platform answers 404), but can be paused."""

from __future__ import annotations

from pydantic import TypeAdapter

from supasync.api.call import Call
from supasync.api.http import Http
from supasync.api.models import Project

_PROJECT = TypeAdapter(Project)
_PROJECTS = TypeAdapter(tuple[Project, ...])


class Projects:
    def __init__(self, http: Http) -> None:
        self._http = http

    async def list(self) -> tuple[Project, ...]:
        return await self._http.load(_PROJECTS, Call(method="GET", route="/v1/projects"))

    async def get(self, ref: str) -> Project:
        call = Call(method="GET", route="/v1/projects/{ref}", path={"ref": ref})
        return await self._http.load(_PROJECT, call)

    async def pause(self, ref: str) -> None:
        """Start to pause a branch: its database stops, its data stays."""
        await self._act("pause", ref)

    async def restore(self, ref: str) -> None:
        """Start to bring a paused branch up again."""
        await self._act("restore", ref)

    async def _act(self, verb: str, ref: str) -> None:
        route = f"/v1/projects/{{ref}}/{verb}"
        call = Call(method="POST", route=route, path={"ref": ref}, writes=True, reply="ignored")
        await self._http.send(call)
