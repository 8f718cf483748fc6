from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from supasync.catalog import rights
from supasync.catalog.kinds._relation import TABLE
from supasync.catalog.object import Id, Object, Part, Query, read, reparsed
from supasync.catalog.rights import Right


@dataclass(frozen=True, kw_only=True)
class Statistics(Object):
    """Extended statistics: what they are about, not what was gathered."""

    label = "STATISTICS"
    query = Query(
        catalog="pg_statistic_ext",
        tables="""pg_statistic_ext s join namespace n on n.oid = s.stxnamespace
            join pg_class c on c.oid = s.stxrelid
            join pg_namespace cn on cn.oid = c.relnamespace""",
        where=f"{TABLE} or c.relkind = 'm'",
        oid="s.oid",
        path="n.nspname, s.stxname",
        schema="n",
        owner="s.stxowner",
    )
    relation: tuple[str, str, str] = read(
        """json_build_array(case c.relkind when 'm' then 'matview' else 'table' end,
            cn.nspname, c.relname)"""
    )
    definition: str = reparsed("pg_get_statisticsobjdef(s.oid)")
    target: int | None = read("nullif(s.stxstattarget, -1)")

    @property
    def leader(self) -> Id:
        return self.relation

    def needs(self, old: Statistics | None, verb: str) -> Iterable[Right]:
        yield from super().needs(old, verb)
        if verb == "create":
            yield rights.owns_relation(*self.relation[1:])

    def create(self, parts: tuple[Part, ...] = ()) -> list[str]:
        return [self.definition, *(self.alter_target(self) if self.target is not None else [])]

    def alter_target(self, old: Statistics) -> list[str]:
        target = -1 if self.target is None else self.target
        return [f"alter statistics {self.ref} set statistics {target}"]
