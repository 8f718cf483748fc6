"""SQL through the Management API, as ports.Database and ports.WritableDatabase.

Reads of every project, branches too, go through the read-only endpoint, as
supabase_read_only_user (pg_read_all_data, so schema `supasync` is readable as well): both sides
of a comparison are then seen by the same role, and a read can be sent again without harm.
"""

from __future__ import annotations

import json
from typing import Any

from supasync.api.call import Call
from supasync.api.http import Http
from supasync.errors import UnexpectedAnswer, UsageError

_QUERY = "/v1/projects/{ref}/database/query"
MAX_BODY_BYTES = 900_000
"""The platform refuses a body of "around 1MB" (measured for Studio's SQL editor)."""


class ReadOnlyDatabase:
    """A project's database that can only be read. It has no method that writes."""

    def __init__(self, http: Http, ref: str, name: str) -> None:
        self.name = name
        self._http = http
        self._ref = ref

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.name!r}, {self._ref!r})"

    async def fetch(self, sql: str) -> str | None:
        """See ports.Database."""
        return await self._query(_QUERY + "/read-only", sql, writes=False)

    def fits(self, sql: str) -> bool:
        """See ports.Database."""
        if len(sql) > MAX_BODY_BYTES:
            return False
        body = json.dumps({"query": sql}, ensure_ascii=False, separators=(",", ":"))
        return len(body.encode()) <= MAX_BODY_BYTES

    async def _query(self, route: str, sql: str, *, writes: bool) -> str | None:
        if "\0" in sql:  # the server would stop reading the text there
            raise UsageError("SQL must not contain the NUL character.")
        call = Call(
            method="POST",
            route=route,
            path={"ref": self._ref},
            body={"query": sql},
            writes=writes,
        )
        return _single_value(await self._http.send(call), call)


class BranchDatabase(ReadOnlyDatabase):
    """A branch's database."""

    async def run(self, sql: str) -> str | None:
        """See ports.WritableDatabase."""
        return await self._query(_QUERY, sql, writes=True)


def _single_value(rows: Any, call: Call) -> str | None:
    """The endpoint's answer is the rows of the last statement that returned any."""
    if rows == []:
        return None
    if isinstance(rows, list) and len(rows) == 1 and isinstance(rows[0], dict):
        values = list(rows[0].values())
        if len(values) == 1 and (values[0] is None or isinstance(values[0], str)):
            return values[0]
    raise UnexpectedAnswer(
        f"{call.name} did not answer with one row of one text column.",
        remedy="End the SQL with a statement that returns a single ::text value, or no row.",
    )
