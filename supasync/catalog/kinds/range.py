from __future__ import annotations

from dataclasses import dataclass, replace

from supasync.catalog.kinds._definition import Pairs, pairs, routine, spelt
from supasync.catalog.kinds._type import type_query
from supasync.catalog.object import Object, Part, beside, read
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

    @property
    def claims(self) -> frozenset[tuple[str, ...]]:
        return frozenset({("type", *self.path), ("type", *self.multirange)})

    @property
    def canonical(self) -> bool:
        """Whether a function over the type is part of its definition."""
        return "canonical" in dict(self.definition)

    def create(self, parts: tuple[Part, ...] = ()) -> list[str]:
        shell = [f"create type {self.ref}"] if self.canonical else []
        functions = [text for part in parts for text in part.object.create(part.parts)]
        names: Pairs = (
            ("subtype", self.subtype),
            ("multirange_type_name", ident(*self.multirange)),
        )
        body = spelt(names + self.definition)
        return [*shell, *functions, f"create type {self.ref} as range ({body})"]

    def drop(self) -> list[str]:
        # the canonical function, which needs the type, goes with it
        return [f"drop type {self.ref}{' cascade' if self.canonical else ''}"]

    def set_aside(self) -> Range | None:
        if self.canonical:
            return None
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
        constructors = (
            (type_, f"{self.subtype}, {self.subtype}", other.path[1]),
            (type_, f"{self.subtype}, {self.subtype}, text", other.path[1]),
            (several, "", other.multirange[1]),
            (several, type_, other.multirange[1]),
            (several, f"{type_}[]", other.multirange[1]),
        )
        return [
            *(
                f"alter function {name}({arguments}) rename to {ident(new)}"
                for name, arguments, new in constructors
            ),
            f"alter type {type_} rename to {ident(other.path[1])}",
            f"alter type {several} rename to {ident(other.multirange[1])}",
        ]
