"""The description of a schema's REST API, OpenAPI 2.0 as PostgREST writes it: what this one serves.

Source: docs.postgrest.org/en/v13/references/api/openapi.html.
"""

from __future__ import annotations

import json
from typing import Any, Final

from starlette.responses import Response

from supasync.sandbox.rest.call import Call, Connection

VERSION: Final = "13.0.4"
MEDIA_TYPE: Final = "application/openapi+json"
TYPES: Final = {
    **dict.fromkeys(("smallint", "integer", "bigint"), "integer"),
    **dict.fromkeys(("real", "double precision", "numeric"), "number"),
    "boolean": "boolean",
}
JSON_TYPES: Final = ("json", "jsonb")

# Only what the current role may use, as PostgREST's openapi-mode follow-privileges has it.
RELATIONS: Final = """
select json_build_object(
  'name', c.relname,
  'description', obj_description(c.oid, 'pg_class'),
  'insertable', has_table_privilege(c.oid, 'insert')
    and pg_relation_is_updatable(c.oid, false) & 8 = 8,
  'columns', coalesce((
    select json_agg(json_build_object(
      'name', a.attname,
      'format', format_type(a.atttypid, null),
      'element', (select format_type(typelem, null) from pg_type
                  where oid = a.atttypid and typcategory = 'A'),
      'description', col_description(c.oid, a.attnum),
      'default', pg_get_expr(d.adbin, d.adrelid),
      'enum', (select json_agg(enumlabel order by enumsortorder) from pg_enum
               where enumtypid = a.atttypid),
      'required', a.attnotnull and d.oid is null and a.attidentity = '',
      'primary', exists (select from pg_constraint
        where conrelid = c.oid and contype = 'p' and a.attnum = any (conkey)),
      'references', (select json_build_array(f.relname, fa.attname)
        from pg_constraint k join pg_class f on f.oid = k.confrelid
        join pg_attribute fa on fa.attrelid = f.oid and fa.attnum = k.confkey[1]
        where k.conrelid = c.oid and k.contype = 'f' and k.conkey = array[a.attnum]
        order by k.conname limit 1)
    ) order by a.attnum)
    from pg_attribute a left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
    where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped), '[]'))
from pg_class c
where c.relnamespace = to_regnamespace(quote_ident(%s)) and c.relkind in ('r', 'p', 'v', 'm', 'f')
  and not c.relispartition and has_any_column_privilege(c.oid, 'select, insert, update, references')
order by c.relname
"""
FUNCTIONS: Final = """
select json_build_object(
  'name', p.proname,
  'description', min(obj_description(p.oid, 'pg_proc')),
  'arguments', (json_agg(coalesce((
    select json_agg(json_build_object(
        'name', p.proargnames[n], 'format', format_type(p.proargtypes[n - 1], null),
        'element', (select format_type(typelem, null) from pg_type
                    where oid = p.proargtypes[n - 1] and typcategory = 'A'),
        'required', n <= p.pronargs - p.pronargdefaults) order by n)
    from generate_series(1, p.pronargs) n), '[]') order by p.oid) -> 0))
from pg_proc p
where p.pronamespace = to_regnamespace(quote_ident(%s)) and p.prokind = 'f'
  and p.prorettype not in ('trigger'::regtype, 'event_trigger'::regtype)
  and (p.pronargs = 0 or p.proargnames is not null and '' <> all (p.proargnames[1:p.pronargs]))
  and has_function_privilege(p.oid, 'execute')
group by p.proname
order by p.proname
"""


async def root(call: Call) -> Response:
    """GET of the API's root."""
    described = await document(call.connection, call.schema)
    return Response(json.dumps(described), media_type=MEDIA_TYPE)


async def document(connection: Connection, schema: str) -> dict[str, Any]:
    """All that the connection's role may use of a schema; empty where there is no such schema."""
    relations = await _all(connection, RELATIONS, schema)
    functions = await _all(connection, FUNCTIONS, schema)
    paths: dict[str, Any] = {f"/{each['name']}": _table_path(each) for each in relations}
    paths |= {f"/rpc/{each['name']}": _function_path(each) for each in functions}
    return {
        "swagger": "2.0",
        "info": {
            "title": f"{schema} schema",
            "description": "What this API serves of the schema.",
            "version": VERSION,
        },
        "basePath": "/",
        "schemes": ["http"],
        "consumes": ["application/json", "application/vnd.pgrst.object+json"],
        "produces": ["application/json", "application/vnd.pgrst.object+json"],
        "paths": paths,
        "definitions": {each["name"]: _definition(each) for each in relations},
    }


async def _all(connection: Connection, query: str, schema: str) -> list[dict[str, Any]]:
    cursor = await connection.execute(query.encode(), [schema])
    return [row[0] for row in await cursor.fetchall() if isinstance(row[0], dict)]


def _definition(relation: dict[str, Any]) -> dict[str, Any]:
    columns = relation["columns"]
    return _given(
        description=relation["description"],
        required=[each["name"] for each in columns if each["required"]] or None,
        properties={each["name"]: _property(each) for each in columns},
        type="object",
    )


def _property(column: dict[str, Any]) -> dict[str, Any]:
    notes = [column.get("description")]
    if column.get("primary"):
        notes.append("Note:\nThis is a Primary Key.<pk/>")
    if column.get("references"):
        table, name = column["references"]
        key = f"`{table}.{name}`.<fk table='{table}' column='{name}'/>"
        notes.append(f"Note:\nThis is a Foreign Key to {key}")
    return _given(
        **_type(column["format"], column.get("element")),
        description="\n\n".join(note for note in notes if note) or None,
        default=column.get("default"),
        enum=column.get("enum"),
    )


def _type(name: str, element: str | None) -> dict[str, Any]:
    if element is not None:
        return {"format": name, "type": "array", "items": {"type": TYPES.get(element, "string")}}
    if name in JSON_TYPES:  # any JSON value, so no type
        return {"format": name}
    return {"format": name, "type": TYPES.get(name, "string")}


def _table_path(relation: dict[str, Any]) -> dict[str, Any]:
    name, tags = relation["name"], [relation["name"]]
    reference = {"$ref": f"#/definitions/{name}"}
    rows = {"200": {"description": "OK", "schema": {"type": "array", "items": reference}}}
    path = {"get": {"tags": tags, "summary": relation["description"] or "", "responses": rows}}
    if relation["insertable"]:
        body = {"name": name, "in": "body", "required": False, "schema": reference}
        created = {"201": {"description": "Created"}}
        path["post"] = {"tags": tags, "parameters": [body], "responses": created}
    return path


def _function_path(function: dict[str, Any]) -> dict[str, Any]:
    arguments = function["arguments"]
    schema = _given(
        type="object",
        properties={each["name"]: _type(each["format"], each["element"]) for each in arguments},
        required=[each["name"] for each in arguments if each["required"]] or None,
    )
    body = {"name": "args", "in": "body", "required": True, "schema": schema}
    return {
        "post": {
            "tags": [f"(rpc) {function['name']}"],
            "summary": function["description"] or "",
            "parameters": [body],
            "responses": {"200": {"description": "OK"}},
        }
    }


def _given(**fields: Any) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}
