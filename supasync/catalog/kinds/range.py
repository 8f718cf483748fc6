from __future__ import annotations

from dataclasses import dataclass, replace

from supasync.catalog.kinds._definition import Pairs, pairs, routine, spelt
from supasync.catalog.kinds._type import Functions, essential_functions, functions_aside, type_query
from supasync.catalog.object import Object, Part, beside, hint, read
from supasync.sql import ident

_MULTIRANGE = """
    select 'pg_type'::regclass::oid, u.oid, 0, 'pg_type'::regclass::oid, r.rngtypid, 0
        from pg_range r join pg_type m on m.oid = r.rngmultitypid,
          unnest(array[m.oid, m.typarray]) u(oid)"""


@dataclass(frozen=True, kw_only=True)
class Range(Object):
    """A range type with its multirange type."""

    label = "TYPE"
    query = type_query(
        "r",
        joins="""join pg_range r on r.rngtypid = t.oid
            join pg_type m on m.oid = r.rngmultitypid
            join pg_namespace mn on mn.oid = m.typnamespace
            join pg_type s on s.oid = r.rngsubtype
            join pg_opclass o on o.oid = r.rngsubopc
            join pg_namespace on_ on on_.oid = o.opcnamespace""",
        aliases=_MULTIRANGE,
    )
    multirange: tuple[str, str] = read("json_build_array(mn.nspname, m.typname)")
    subtype: str = read("format_type(r.rngsubtype, null)")
    definition: Pairs = read(
        pairs(
            subtype_opclass="format('%I.%I', on_.nspname, o.opcname)",
            collation="""case when r.rngcollation <> s.typcollation
                then r.rngcollation::regcollation::text end""",
            canonical=routine("r.rngcanonical"),
            subtype_diff=routine("r.rngsubdiff"),
        )
    )

    functions: Functions | None = hint(essential_functions("r.rngcanonical"))

    @property
    def claims(self) -> frozenset[tuple[str, ...]]:
        return frozenset({("type", *self.path), ("type", *self.multirange)})

    def create(self, parts: tuple[Part, ...] = ()) -> list[str]:
        shell = [f"create type {self.ref}"] if parts else []
        functions = [text for part in parts for text in part.object.create(part.parts)]
        names: Pairs = (
            ("subtype", self.subtype),
            ("multirange_type_name", ident(*self.multirange)),
        )
        body = spelt(names + self.definition)
        return [*shell, *functions, f"create type {self.ref} as range ({body})"]

    def drop(self) -> list[str]:
        # the canonical function, which needs the type, goes with it
        return [f"drop type {self.ref}{' cascade' if self.functions else ''}"]

    def set_aside(self) -> Range:
        return replace(
            self,
            id=(*self.id[:-1], beside(self.id[-1])),
            multirange=(self.multirange[0], beside(self.multirange[1])),
        )

    def rename_to(self, other: Object) -> list[str]:
        """Its constructors bear the types' names, and do not follow them."""
        if not isinstance(other, Range):
            return []
        type_, several = self.ref, ident(*self.multirange)
        in_range_schema = ident(self.path[0], self.multirange[1])
        constructors = (
            (type_, f"{self.subtype}, {self.subtype}", other.path[1]),
            (type_, f"{self.subtype}, {self.subtype}, text", other.path[1]),
            (in_range_schema, "", other.multirange[1]),
            (in_range_schema, type_, other.multirange[1]),
            (in_range_schema, f"{type_}[]", other.multirange[1]),
        )
        return [
            *functions_aside(self.functions),
            *(
                f"alter function {name}({arguments}) rename to {ident(new)}"
                for name, arguments, new in constructors
            ),
            f"alter type {type_} rename to {ident(other.path[1])}",
            f"alter type {several} rename to {ident(other.multirange[1])}",
        ]
