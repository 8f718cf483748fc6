from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from supasync.catalog import rights
from supasync.catalog.object import Object, Part, Query, read
from supasync.catalog.rights import Right
from supasync.sql import ident

_SUB = -99
_TYPED = "pg_class c where c.reloftype <> 0"
_SELF = f"select 'pg_class'::regclass::oid, c.oid, {_SUB}"


@dataclass(frozen=True, kw_only=True)
class TypedTable(Object):
    """That a table is of a composite type."""

    label = "TYPE OF TABLE"
    query = Query(
        catalog="pg_class",
        sort="r,p",
        tables="""pg_class c join namespace n on n.oid = c.relnamespace
            join pg_type t on t.oid = c.reloftype
            join pg_namespace tn on tn.oid = t.typnamespace""",
        oid="c.oid",
        sub=f"{_SUB}",
        path="n.nspname, c.relname",
        schema="n",
        # its columns are the type's: it is of no type while one of them changes
        edges=f"""{_SELF}, 'pg_type'::regclass::oid, c.reloftype, 0 from {_TYPED}
            union all {_SELF}, 'pg_class'::regclass::oid, c.oid, 0 from {_TYPED}
            union all {_SELF}, 'pg_class'::regclass::oid, c.oid, a.attnum::int
            from pg_attribute a join pg_class c on c.oid = a.attrelid
            where c.reloftype <> 0 and a.attnum > 0""",
        apart=f"""select 'pg_class'::regclass::oid, c.oid, 0, 'pg_type'::regclass::oid,
            c.reloftype, 0 from {_TYPED}""",
    )
    type: tuple[str, str] = read("json_build_array(tn.nspname, t.typname)")

    def needs(self, old: TypedTable | None, verb: str) -> Iterable[Right]:
        yield rights.owns_relation(*self.path[:2])
        yield rights.uses_type(".".join(self.type))

    def create(self, parts: tuple[Part, ...] = ()) -> list[str]:
        return [f"alter table {self.ref} of {ident(*self.type)}"]

    def drop(self) -> list[str]:
        return [f"alter table {self.ref} not of"]
