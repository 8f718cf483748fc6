from __future__ import annotations

from dataclasses import dataclass, replace

from supasync.catalog.kinds._type import type_query
from supasync.catalog.object import Object, Part, beside, read
from supasync.sql import ident, literal

_ALIASES = """
    select 'pg_class'::regclass::oid, c.oid, 0, 'pg_type'::regclass::oid, c.reltype, 0
        from pg_class c where c.relkind = 'c'
    union all
    select 'pg_class'::regclass::oid, c.oid, a.attnum::int, 'pg_type'::regclass::oid, c.reltype, 0
        from pg_class c join pg_attribute a on a.attrelid = c.oid where c.relkind = 'c'"""


@dataclass(frozen=True, kw_only=True)
class Composite(Object):
    label = "TYPE"
    namespaces = ("relation", "type")
    query = type_query(
        "c",
        joins="join pg_class c on c.oid = t.typrelid and c.relkind = 'c'",
        aliases=_ALIASES,
    )
    attributes: tuple[tuple[str, str, str | None], ...] = read(
        """(select json_agg(json_build_array(a.attname, format_type(a.atttypid, a.atttypmod),
            case when a.attcollation <> u.typcollation then a.attcollation::regcollation::text end)
            order by a.attnum)
          from pg_attribute a join pg_type u on u.oid = a.atttypid
          where a.attrelid = t.typrelid and a.attnum > 0 and not a.attisdropped)"""
    )
    attribute_comments: tuple[tuple[str, str], ...] = read(
        """(select json_agg(json_build_array(a.attname, d.description) order by a.attnum)
          from pg_description d join pg_attribute a
            on a.attrelid = d.objoid and a.attnum = d.objsubid
          where d.classoid = 'pg_class'::regclass and d.objoid = t.typrelid and d.objsubid > 0)"""
    )

    def create(self, parts: tuple[Part, ...] = ()) -> list[str]:
        attributes = ", ".join(_attribute(*each) for each in self.attributes or ())
        return [f"create type {self.ref} as ({attributes})", *self.alter_attribute_comments(None)]

    def set_aside(self) -> Composite:
        return replace(self, id=(*self.id[:-1], beside(self.id[-1])))

    def rename_to(self, other: Object) -> list[str]:
        return [f"alter type {self.ref} rename to {ident(other.id[-1])}"]

    def alter_attributes(self, old: Composite) -> list[str] | None:
        """While values exist attributes can go, and come at the end, where these have nulls."""
        was, now = old.attributes or (), self.attributes or ()
        kept = tuple(each for each in was if each in now)
        names = {name for name, *_ in now}
        if kept != now[: len(kept)] or any(name in names for name, *_ in set(was) - set(kept)):
            return None
        actions = [f"drop attribute {ident(name)}" for name, *_ in was if name not in names]
        actions += [f"add attribute {_attribute(*each)}" for each in now[len(kept) :]]
        return [f"alter type {self.ref} {', '.join(actions)}"]

    def disturbed(self, old: Composite) -> bool:
        return not set(old.attributes or ()) <= set(self.attributes or ())

    def alter_attribute_comments(self, old: Composite | None) -> list[str]:
        was = dict((old.attribute_comments if old else None) or ())
        now = dict(self.attribute_comments or ())
        there = {name for name, *_ in self.attributes or ()}
        return [
            f"comment on column {self.ref}.{ident(name)} is {literal(now.get(name))}"
            for name in {**was, **now}
            if was.get(name) != now.get(name) and name in there
        ]


def _attribute(name: str, type_: str, collation: str | None) -> str:
    return f"{ident(name)} {type_}{f' collate {collation}' if collation else ''}"
