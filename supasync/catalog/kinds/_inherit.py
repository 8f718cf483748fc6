"""What tables have from others: as partitions, or from the tables they inherit from."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from supasync.catalog.object import Object, beside, hint
from supasync.sql import ident

LINK_SUB: Final = -100
"""pg_inherits has no oids: a link is addressed as a part of the child, below any column."""


def links(child: str, parent: str = "true") -> str:
    """An expression: the ids of the links that tie the table `child` (an oid).

    parent: a condition on the parent's oid, l.inhparent.
    """
    return f"""(select json_agg(case when lc.relispartition
        then json_build_array('partition', ln.nspname, lc.relname)
        else json_build_array('inheritance', ln.nspname, lc.relname, pn.nspname, lp.relname) end)
      from pg_inherits l join pg_class lc on lc.oid = l.inhrelid
        join pg_namespace ln on ln.oid = lc.relnamespace join pg_class lp on lp.oid = l.inhparent
        join pg_namespace pn on pn.oid = lp.relnamespace
      where l.inhrelid = {child} and {parent})"""


@dataclass(frozen=True, kw_only=True)
class Inherited(Object):
    """A part of a table that a parent may have as well."""

    relkind: str = hint("c.relkind")

    local: bool | None = field(default=None, compare=False)
    """False: the parents bring it and no statement can make it."""

    @property
    def donor(self) -> str:
        """Only a parent can give what is not local: one that does, until the table has its own."""
        return ident(self.path[0], beside(".".join(self.path[1:])))

    @property
    def _child(self) -> str:
        return ident(*self.path[:2])

    def given(self, columns: str, action: str) -> list[str]:
        """columns: of the donor before the action."""
        return [
            f"create table {self.donor} {columns}",
            f"alter table {self._child} inherit {self.donor}",
            f"alter table {self.donor} {action}",
        ]

    def finish_alone(self) -> list[str]:
        if self.follows or self.local is not False:
            return []
        return [
            f"alter table {self._child} no inherit {self.donor}",
            f"drop table {self.donor}",
        ]

    @property
    def brought(self) -> bool:
        """Whether it is there without a statement of its own."""
        return self.follows or self.local is False

    def again(self) -> str:
        """What CREATE TABLE … INHERITS says of it all the same."""
        return ""


Members = tuple[tuple[str, str, str | None], ...] | None
"""Of a partitioned table's index: each partition and the index of it that belongs to it. None: it
was made ON ONLY the whole, and has a gap there."""


def members(index: str, table: str) -> str:
    """An expression: the members of `index` on `table` (oids)."""
    return f"""(select json_agg(json_build_array(mn.nspname, mc.relname, mx.relname))
      from pg_inherits mi join pg_class mc on mc.oid = mi.inhrelid
        join pg_namespace mn on mn.oid = mc.relnamespace
        left join (pg_inherits ii join pg_index ix on ix.indexrelid = ii.inhrelid
          join pg_class mx on mx.oid = ii.inhrelid)
          on ii.inhparent = {index} and ix.indrelid = mi.inhrelid
      where mi.inhparent = {table})"""


def attached(index: str) -> str:
    """An expression: the names of the indexes that belong to `index`."""
    return f"""(select json_agg(ac.relname order by ac.relname) from pg_inherits ai
      join pg_class ac on ac.oid = ai.inhrelid where ai.inhparent = {index})"""


def gaps(index: str, table: str) -> str:
    """An expression: how many partitions of `table` have none that belongs to `index`."""
    return f"""((select count(*) from pg_inherits gi where gi.inhparent = {table})
      - (select count(*) from pg_inherits gi where gi.inhparent = {index}))"""


def rejoin(old: Members, new: Members) -> list[str] | None:
    """Nothing to say where the members can become others: None where they cannot, since an index
    belongs to another until one of the two goes, or the partition."""
    was = {(schema, table): index for schema, table, index in old or ()}
    for schema, table, index in new or ():
        before = was.get((schema, table), "" if index is None else None)
        if before not in (None, index):
            return None
    return []


GAP_EDGES: Final = f"""
  select 'pg_class'::regclass::oid, gx.indexrelid, 0, 'pg_class'::regclass::oid, gi.inhrelid,
     {LINK_SUB}
  from pg_index gx join pg_class gp on gp.oid = gx.indexrelid and gp.relkind = 'I'
    join pg_inherits gi on gi.inhparent = gx.indrelid
  where not exists (select from pg_inherits ii join pg_index ix on ix.indexrelid = ii.inhrelid
    where ii.inhparent = gx.indexrelid and ix.indrelid = gi.inhrelid)"""
"""Attaching a partition makes the index that is missing: such an index comes after it."""
