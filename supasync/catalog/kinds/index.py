from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from supasync.catalog import rights
from supasync.catalog.hazards import Hazard, index_build
from supasync.catalog.kinds._inherit import (
    GAP_EDGES,
    Members,
    attached,
    gaps,
    links,
    members,
    rejoin,
)
from supasync.catalog.kinds._relation import OF_INDEX, OTHER_CLUSTERED, TABLE, cluster
from supasync.catalog.object import Id, Object, Part, Query, hint, read, reparsed
from supasync.catalog.rights import Right
from supasync.sql import ident


@dataclass(frozen=True, kw_only=True)
class Index(Object):
    """An index that belongs to no constraint."""

    label = "INDEX"
    namespaces = ("relation",)
    query = Query(
        catalog="pg_class",
        sort="i,I",
        tables="""pg_index i join pg_class x on x.oid = i.indexrelid
            join pg_class c on c.oid = i.indrelid join namespace n on n.oid = x.relnamespace""",
        # a failed CREATE INDEX CONCURRENTLY leaves one that serves nothing; a partitioned table's
        # is invalid until every partition has its own
        where=f"""({TABLE} or c.relkind = 'm') and i.indisready
          and (i.indisvalid or x.relkind = 'I')
          and not exists (select from pg_constraint k
            where {OF_INDEX})""",
        oid="i.indexrelid",
        path="n.nspname, x.relname",
        schema="n",
        anchor=("pg_class", "i.indrelid"),
        edges=GAP_EDGES,
    )
    relation: tuple[str, str, str] = read(
        """json_build_array(case c.relkind when 'm' then 'matview' else 'table' end,
            n.nspname, c.relname)"""
    )
    definition: str = reparsed("pg_get_indexdef(i.indexrelid)")
    statistics: tuple[tuple[int, int], ...] | None = read(  # of expressions alone
        """case when i.indexprs is not null then (
            select json_agg(json_build_array(a.attnum, a.attstattarget) order by a.attnum)
            from pg_attribute a where a.attrelid = i.indexrelid and a.attstattarget >= 0) end"""
    )
    clustered: bool = read("i.indisclustered")
    cluster_elsewhere: bool = hint(OTHER_CLUSTERED.format("i.indexrelid", "i.indrelid"))
    attached: tuple[str, ...] | None = read(
        f"case when x.relkind = 'I' then {attached('x.oid')} end"
    )
    gaps: int | None = read(f"case when x.relkind = 'I' then {gaps('x.oid', 'c.oid')} end")
    members: Members = hint(f"case when x.relkind = 'I' then {members('x.oid', 'c.oid')} end")
    inherited: bool = read("x.relispartition")
    links: tuple[Id, ...] | None = hint(f"case when x.relispartition then {links('c.oid')} end")

    @property
    def leader(self) -> Id | None:
        # made after partitions are attached, it goes before they are taken off
        return None if self.gaps else self.relation

    def create(self, parts: tuple[Part, ...] = ()) -> list[str]:
        clustered = self.alter_clustered(self) if self.clustered else []
        return [self.definition, *self.alter_statistics(None), *clustered]

    def costs(self, how: str, old: Index | None, parts: tuple[Part, ...]) -> list[Hazard]:
        return [index_build(self.title)] if how == "create" else []

    def needs(self, old: Index | None, verb: str) -> Iterable[Right]:
        yield from super().needs(old, verb)
        if verb == "create":
            yield rights.creates_in(self.path[0])

    def drop(self) -> list[str]:
        return [] if self.follows else super().drop()

    def alter_gaps(self, old: Index) -> list[str] | None:
        return rejoin(old.members, self.members)

    def alter_attached(self, old: Index) -> list[str] | None:
        return rejoin(old.members, self.members)

    def alter_inherited(self, old: Index) -> list[str]:
        return []  # the attachment sees to it

    def alter_statistics(self, old: Index | None) -> list[str]:
        was, now = dict((old.statistics if old else None) or ()), dict(self.statistics or ())
        return [
            f"alter index {self.ref} alter column {number} set statistics {now.get(number, -1)}"
            for number in {**was, **now}
            if was.get(number) != now.get(number)
        ]

    def alter_clustered(self, old: Index) -> list[str]:
        name = ident(self.path[1]) if self.clustered else None
        return cluster(ident(*self.relation[1:]), name, self.cluster_elsewhere)
