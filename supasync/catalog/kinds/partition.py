from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from supasync.catalog import rights
from supasync.catalog.kinds._inherit import LINK_SUB
from supasync.catalog.kinds._relation import TABLE, TABLE_SORTS
from supasync.catalog.object import Object, Part, Query, hint, read
from supasync.catalog.rights import Right
from supasync.sql import ident

_PARTITIONS = f"{TABLE} and c.relispartition"
_LINK = f"'pg_class'::regclass::oid, i.inhrelid, {LINK_SUB}"


@dataclass(frozen=True, kw_only=True)
class Partition(Object):
    """That a table is a partition of another, for which values."""

    label = "PARTITION"
    query = Query(
        catalog="pg_class",
        sort=TABLE_SORTS,
        tables="""pg_inherits i join pg_class c on c.oid = i.inhrelid
            join namespace n on n.oid = c.relnamespace
            join pg_class p on p.oid = i.inhparent
            join pg_namespace pn on pn.oid = p.relnamespace""",
        where=_PARTITIONS,
        oid="c.oid",
        sub=f"{LINK_SUB}",
        path="n.nspname, c.relname",
        schema="n",
        # columns that are made anew are so in each table by itself
        edges=f"""select {_LINK}, 'pg_class'::regclass::oid, a.attrelid, a.attnum::int
            from pg_inherits i join pg_class c on c.oid = i.inhrelid and {_PARTITIONS}
              join pg_attribute a on a.attrelid in (i.inhrelid, i.inhparent) and a.attnum > 0
            union all
            select {_LINK}, 'pg_class'::regclass::oid, t.oid, 0
            from pg_inherits i join pg_class c on c.oid = i.inhrelid and {_PARTITIONS}
              cross join lateral (values (i.inhrelid), (i.inhparent)) t(oid)""",
        apart=f"""select 'pg_class'::regclass::oid, i.inhrelid, 0, 'pg_class'::regclass::oid,
            i.inhparent, 0
          from pg_inherits i join pg_class c on c.oid = i.inhrelid and {_PARTITIONS}""",
    )
    parent: tuple[str, str] = read("json_build_array(pn.nspname, p.relname)")
    bound: str = read("pg_get_expr(c.relpartbound, c.oid)")
    copies: tuple[str, ...] | None = hint(
        """(select json_agg(k.conname) from pg_constraint k join pg_constraint pk
            on pk.oid = k.conparentid
          where k.conrelid = c.oid and k.contype in ('f', 'x') and pk.conrelid = i.inhparent)"""
    )
    """Of the parent's foreign keys and exclusions. They stay with a table that is taken off."""

    @property
    def claims(self) -> frozenset[tuple[str, ...]]:
        """Room among the partitions, and the names of the constraints that come with it."""
        keys = (("constraint", *self.path, name) for name in self.copies or ())
        return frozenset({("partition", *self.parent), *keys})

    @property
    def table(self) -> str:
        return ident(*self.path)

    def needs(self, old: Partition | None, verb: str) -> Iterable[Right]:
        yield rights.owns_relation(*self.path[:2])
        yield rights.owns_relation(*self.parent)

    def create(self, parts: tuple[Part, ...] = ()) -> list[str]:
        return [f"alter table {ident(*self.parent)} attach partition {self.table} {self.bound}"]

    def drop(self) -> list[str]:
        detach = f"alter table {ident(*self.parent)} detach partition {self.table}"
        return [detach] + [
            f"alter table {self.table} drop constraint if exists {ident(name)}"
            for name in self.copies or ()
        ]
