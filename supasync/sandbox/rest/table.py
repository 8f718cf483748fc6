"""GET and POST of /TABLE: rows as JSON, made by the database."""

from __future__ import annotations

import json

from starlette.datastructures import QueryParams
from starlette.responses import Response

from supasync.sandbox.rest import query
from supasync.sandbox.rest.call import ONE_OBJECT, Call
from supasync.sandbox.rest.errors import RestError
from supasync.sandbox.rest.quoting import quoted

RELATIONS = "'r', 'p', 'v', 'm', 'f'"


async def select(call: Call) -> Response:
    params = call.request.query_params
    relation = await _relation(call)
    where = query.where(params.multi_items())
    limit, offset = (query.number(name, params.get(name)) for name in ("limit", "offset"))
    rows = f"select {query.columns(params.get('select', ''))} from {relation}{where.text}"
    rows += query.order(params.get("order", ""))
    rows += f" limit {call.max_rows if limit is None else min(limit, call.max_rows)}"
    if offset:
        rows += f" offset {offset}"
    body = await _json(call, rows, where.values)
    total = None
    if call.prefers("count=exact"):
        counted = f"select count(*) from {relation}{where.text}"
        total = int(await call.text(counted, where.values) or 0)
    return _answer(call, body, offset or 0, total)


async def insert(call: Call) -> Response:
    """One object or a list of them; columns that no object names get their defaults."""
    params: QueryParams = call.request.query_params
    relation = await _relation(call)
    body = await call.body()
    rows = body if isinstance(body, list) else [body]
    if not all(isinstance(row, dict) for row in rows):
        raise RestError(400, "PGRST102", "All objects must be JSON objects")
    names = sorted({name for row in rows for name in row})
    listed = ", ".join(quoted(name) for name in names)
    if names:
        source = f"select {listed} from json_populate_recordset(null::{relation}, %s)"
        statement = f"insert into {relation} ({listed}) {source}"
    else:
        statement = f"insert into {relation} default values"
    values = (json.dumps(rows),) if names else ()
    if not call.prefers("return=representation"):
        await call.text(f"with made as ({statement} returning 1) select count(*) from made", values)
        return Response(status_code=201)
    # A statement that writes has to stand outermost.
    made = f"with made as ({statement} returning *)"
    returned = f"select {query.columns(params.get('select', ''))} from made"
    answer = await _json(call, returned, values, head=made)
    return _answer(call, answer, 0, None, status=201)


async def _relation(call: Call) -> str:
    """The quoted name of the path's table; RestError 404 when the schema has none."""
    name = call.request.path_params["table"]
    found = await call.text(
        f"""select true from pg_catalog.pg_class
            where relnamespace = %s::regnamespace and relname = %s and relkind in ({RELATIONS})""",
        [quoted(call.schema), name],
    )
    if found is None:
        message = f"Could not find the table '{call.schema}.{name}' in the schema cache"
        raise RestError(404, "PGRST205", message)
    return quoted(call.schema, name)


async def _json(call: Call, rows: str, values: tuple[str, ...], *, head: str = "") -> str:
    """The rows that the query `rows` gives, as a JSON array."""
    statement = f"{head} select coalesce(json_agg(_), '[]')::text from ({rows}) as _"
    return await call.text(statement, values) or "[]"


def _answer(
    call: Call, body: str, offset: int, total: int | None, *, status: int = 200
) -> Response:
    rows = json.loads(body)
    if call.wants_one_object:
        if len(rows) != 1:
            message = "Cannot coerce the result to a single JSON object"
            details = f"The result contains {len(rows)} rows"
            raise RestError(406, "PGRST116", message, details=details)
        return Response(json.dumps(rows[0]), media_type=ONE_OBJECT, status_code=status)
    span = f"{offset}-{offset + len(rows) - 1}" if rows else "*"
    headers = {"Content-Range": f"{span}/{'*' if total is None else total}"}
    if status == 200 and total is not None and len(rows) < total:
        status = 206
    return Response(body, media_type="application/json", headers=headers, status_code=status)
