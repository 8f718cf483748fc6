"""Action runs: what the platform does to a branch after it answered.

The list of steps is no signal of completion; wait for what is needed itself.
"""

from __future__ import annotations

from pydantic import TypeAdapter

from supasync.api.call import Call
from supasync.api.http import Http
from supasync.api.models import Run

_RUN = TypeAdapter(Run)
_RUNS = TypeAdapter(tuple[Run, ...])
_ALL = "/v1/projects/{ref}/actions"


class Actions:
    def __init__(self, http: Http) -> None:
        self._http = http

    async def list(self, ref: str, *, offset: int = 0, limit: int = 10) -> tuple[Run, ...]:
        """The newest runs first. limit: 10 or more (the platform's rule)."""
        query = (("offset", str(offset)), ("limit", str(limit)))
        call = Call(method="GET", route=_ALL, path={"ref": ref}, query=query)
        return await self._http.load(_RUNS, call)

    async def get(self, ref: str, run_id: str) -> Run:
        call = Call(method="GET", route=_ALL + "/{run_id}", path={"ref": ref, "run_id": run_id})
        return await self._http.load(_RUN, call)

    async def logs(self, ref: str, run_id: str) -> str:
        path = {"ref": ref, "run_id": run_id}
        call = Call(method="GET", route=_ALL + "/{run_id}/logs", path=path, reply="text")
        return str(await self._http.send(call))
