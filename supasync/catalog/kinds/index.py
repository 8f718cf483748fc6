from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from supasync.catalog import rights
from supasync.catalog.hazards import Hazard, index_build
from supasync.catalog.kinds._relation import ORDINARY
from supasync.catalog.object import Id, Object, Part, Query, read, reparsed
from supasync.catalog.rights import Right
from supasync.sql import ident


@dataclass(frozen=True, kw_only=True)
class Index(Object):
    """An index that belongs to no constraint."""

    label = "INDEX"
    namespaces = ("relation",)
    query = Query(
        catalog="pg_class",
        sort="i",
        tables="""pg_index i join pg_class x on x.oid = i.indexrelid
            join pg_class c on c.oid = i.indrelid join namespace n on n.oid = x.relnamespace""",
        # a failed CREATE INDEX CONCURRENTLY leaves one that serves nothing
        where=f"""(({ORDINARY}) or c.relkind = 'm') and i.indisvalid and i.indisready
          and not exists (select from pg_constraint k
            where k.conindid = i.indexrelid and k.contype in ('p', 'u', 'x'))""",
        oid="i.indexrelid",
        path="n.nspname, x.relname",
        schema="n",
        anchor=("pg_class", "i.indrelid"),
    )
    relation: tuple[str, str, str] = read(
        """json_build_array(case c.relkind when 'm' then 'matview' else 'table' end,
            n.nspname, c.relname)"""
    )
    definition: str = reparsed("pg_get_indexdef(i.indexrelid)")
    statistics: tuple[tuple[int, int], ...] | None = read(
        """(select json_agg(json_build_array(a.attnum, a.attstattarget) order by a.attnum)
          from pg_attribute a where a.attrelid = i.indexrelid and a.attstattarget >= 0)"""
    )
    clustered: bool = read("i.indisclustered")

    @property
    def leader(self) -> Id:
        return self.relation

    def create(self, parts: tuple[Part, ...] = ()) -> list[str]:
        clustered = self.alter_clustered(self) if self.clustered else []
        return [self.definition, *self.alter_statistics(None), *clustered]

    def costs(self, how: str, old: Index | None, parts: tuple[Part, ...]) -> list[Hazard]:
        return [index_build(self.title)] if how == "create" else []

    def needs(self, old: Index | None, verb: str) -> Iterable[Right]:
        yield from super().needs(old, verb)
        if verb == "create":
            yield rights.creates_in(self.path[0])

    def alter_statistics(self, old: Index | None) -> list[str]:
        was, now = dict((old.statistics if old else None) or ()), dict(self.statistics or ())
        return [
            f"alter index {self.ref} alter column {number} set statistics {now.get(number, -1)}"
            for number in {**was, **now}
            if was.get(number) != now.get(number)
        ]

    def alter_clustered(self, old: Index) -> list[str]:
        how = f"cluster on {ident(self.path[1])}" if self.clustered else "set without cluster"
        return [f"alter table {ident(*self.relation[1:])} {how}"]
