"""What the kinds of types read alike."""

from __future__ import annotations

from supasync.catalog.object import Query, Rows, beside
from supasync.sql import ident

ARRAYS = "pg_type a join pg_type t on t.oid = a.typelem and t.typarray = a.oid"
"""Array types `a` with the types `t` that they are made for. Found by either's oid: typarray has no
index."""


def type_query(
    typtype: str,
    *,
    condition: str = "",
    aliases: str = "",
    joins: str = "",
    stub_uses: str = "",
    rows: tuple[Rows, ...] = (),
) -> Query:
    """The query of the pg_type rows of one typtype letter.

    condition: which rows those are, where the letter alone does not tell.
    """
    arrays = f"""select 'pg_type'::regclass::oid, a.oid, 0, 'pg_type'::regclass::oid, t.oid, 0
        from {ARRAYS} where t.typtype = '{typtype}'"""
    return Query(
        catalog="pg_type",
        sort=typtype * 2 if typtype == "c" else typtype,  # tables have composite types too
        tables=f"pg_type t join namespace n on n.oid = t.typnamespace {joins}",
        where=condition or f"t.typtype = '{typtype}'",
        oid="t.oid",
        path="n.nspname, t.typname",
        schema="n",
        owner="t.typowner",
        acl="t.typacl",
        acl_type="'T'",
        stub_uses=stub_uses,
        aliases=f"{arrays} union all {aliases}" if aliases else arrays,
        rows=rows,
    )


Functions = tuple[tuple[str, str, str], ...]
"""(schema, name, input types) of each."""


def essential_functions(oids: str) -> str:
    """An SQL expression: those of the functions `oids` that take or return the type itself."""
    return f"""(select json_agg(json_build_array(fn.nspname, f.proname,
            array_to_string(array(select format_type(u.t, null)
              from unnest(f.proargtypes) with ordinality u(t, i) order by u.i), ', ')))
          from pg_proc f join pg_namespace fn on fn.oid = f.pronamespace
          where f.oid = any(array[{oids}]) and f.oid >= 16384
            and t.oid = any(f.proargtypes || f.prorettype))"""


def functions_aside(functions: Functions | None) -> list[str]:
    return [
        f"alter function {ident(schema, name)}({types}) rename to {ident(beside(name))}"
        for schema, name, types in functions or ()
    ]
