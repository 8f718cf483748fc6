"""GET and POST of /rpc/FUNCTION: a function called with named arguments."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from psycopg.rows import class_row
from starlette.responses import Response

from supasync.sandbox.rest.call import ONE_OBJECT, Call
from supasync.sandbox.rest.errors import RestError
from supasync.sandbox.rest.quoting import quoted


@dataclass(frozen=True, kw_only=True)
class Function:
    """names, types: of the arguments that go in, in order; the last `defaults` may be left out."""

    returns_set: bool
    returns: str
    names: list[str]
    types: list[str]
    defaults: int

    def takes(self, given: Iterable[str]) -> bool:
        required = self.names[: len(self.names) - self.defaults]
        return set(required) <= set(given) <= set(self.names)


async def call_function(call: Call) -> Response:
    name = call.request.path_params["function"]
    arguments = await _arguments(call)
    function = await _find(call, name, arguments)
    made, values = _invocation(quoted(call.schema, name), function, arguments)
    if function.returns_set:
        return await _rows(call, made, values)
    if function.returns == "void":
        await call.text(made, values)
        return Response(status_code=204)
    body = await call.text(f"select to_json(_.made)::text from ({made}) as _", values)
    return Response(body or "null", media_type="application/json")


async def _arguments(call: Call) -> dict[str, Any]:
    if call.request.method != "POST":
        query = dict(call.request.query_params)
        query.pop("apikey", None)
        return query
    arguments = await call.body()
    if not isinstance(arguments, dict):
        raise RestError(400, "PGRST102", "Empty or invalid json")
    return arguments


async def _rows(call: Call, made: str, values: Sequence[str]) -> Response:
    body = await call.text(
        f"select coalesce(json_agg(_.made), '[]')::text from ({made}) as _", values
    )
    rows = json.loads(body or "[]")
    if not call.wants_one_object:
        return Response(body or "[]", media_type="application/json")
    if len(rows) != 1:
        message = "Cannot coerce the result to a single JSON object"
        details = f"The result contains {len(rows)} rows"
        raise RestError(406, "PGRST116", message, details=details)
    return Response(json.dumps(rows[0]), media_type=ONE_OBJECT)


async def _find(call: Call, name: str, arguments: Mapping[str, Any]) -> Function:
    """The overload that takes exactly these argument names."""
    async with call.connection.cursor(row_factory=class_row(Function)) as cursor:
        await cursor.execute(
            """select p.proretset as returns_set, p.prorettype::regtype::text as returns,
                 p.pronargdefaults as defaults,
                 coalesce((select array_agg(a.name order by a.position)
                   from unnest(p.proargnames, p.proargmodes) with ordinality
                     as a (name, mode, position)
                   where coalesce(a.mode, 'i') in ('i', 'b', 'v')), '{}') as names,
                 coalesce((select array_agg(format_type(t.oid, null) order by t.position)
                   from unnest(p.proargtypes) with ordinality as t (oid, position)),
                   '{}') as types
               from pg_catalog.pg_proc p
               where p.pronamespace = %s::regnamespace and p.proname = %s and p.prokind = 'f'
                 and p.prorettype <> 'trigger'::regtype
                 and (p.pronargs = 0 or p.proargnames is not null)
               order by p.pronargs""",
            [quoted(call.schema), name],
        )
        for function in await cursor.fetchall():
            if function.takes(arguments):
                return function
    given = ", ".join(sorted(arguments))
    shown = f"{call.schema}.{name}({given})" if given else f"{call.schema}.{name}"
    without = "without parameters" if not given else f"with parameters {given}"
    message = f"Could not find the function {shown}"
    message += "" if given else " without parameters"
    details = (
        f"Searched for the function {call.schema}.{name} {without}, "
        "but no matches were found in the schema cache."
    )
    raise RestError(404, "PGRST202", f"{message} in the schema cache", details=details)


def _invocation(
    function_name: str, function: Function, arguments: Mapping[str, Any]
) -> tuple[str, Sequence[str]]:
    """`select f("a" => _in."a") as made from json_to_record(…)`: the server turns JSON into the
    declared types."""
    passed = ", ".join(f"{quoted(each)} => _in.{quoted(each)}" for each in arguments)
    made = f"select {function_name}({passed}) as made"
    if not arguments:
        return made, ()
    types = dict(zip(function.names, function.types, strict=True))
    declared = ", ".join(f"{quoted(each)} {types[each]}" for each in arguments)
    return f"{made} from json_to_record(%s) as _in ({declared})", (json.dumps(dict(arguments)),)
