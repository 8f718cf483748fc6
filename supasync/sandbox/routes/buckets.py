"""Buckets of Storage, as the rows of storage.buckets."""

from __future__ import annotations

from typing import Final

from starlette.responses import JSONResponse, Response

from supasync.sandbox.routes.call import Call, Entry
from supasync.sandbox.sqlapi.run import run

_QUERY: Final = """select id, name, coalesce(owner_id, owner::text, '') as owner, public,
  created_at::text, updated_at::text from storage.buckets order by id"""


async def everything(call: Call) -> Response:
    rows = await run(call.project(), _QUERY)
    return JSONResponse([row | {"public": bool(row["public"])} for row in rows])


ROUTES: Final[tuple[Entry, ...]] = (("GET", "/v1/projects/{ref}/storage/buckets", everything),)
