"""What tables have from others: as partitions, or from the tables they inherit from."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from supasync.catalog.object import Object, hint

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
    def brought(self) -> bool:
        """Whether it is there without a statement of its own."""
        return self.follows or self.local is False

    def again(self) -> str:
        """What CREATE TABLE … INHERITS says of it all the same."""
        return ""


Gaps = tuple[tuple[str, str], ...] | None
"""Partitions without an index that belongs to the partitioned table's: it was made ON ONLY it."""


def gaps(index: str, table: str) -> str:
    """An expression: the gaps of `index` on `table` (oids)."""
    return f"""(select json_agg(json_build_array(gn.nspname, gc.relname)
        order by gn.nspname, gc.relname)
      from pg_inherits gi join pg_class gc on gc.oid = gi.inhrelid
        join pg_namespace gn on gn.oid = gc.relnamespace
      where gi.inhparent = {table} and not exists (select from pg_inherits ii
        join pg_index ix on ix.indexrelid = ii.inhrelid
        where ii.inhparent = {index} and ix.indrelid = gi.inhrelid))"""


def fill_gaps(old: Gaps, new: Gaps) -> list[str] | None:
    """What is attached stays so until the partitioned table's index is made anew."""
    return [] if set(new or ()) <= set(old or ()) else None


GAP_EDGES: Final = f"""
  select 'pg_class'::regclass::oid, gx.indexrelid, 0, 'pg_class'::regclass::oid, gi.inhrelid,
     {LINK_SUB}
  from pg_index gx join pg_class gp on gp.oid = gx.indexrelid and gp.relkind = 'I'
    join pg_inherits gi on gi.inhparent = gx.indrelid
  where not exists (select from pg_inherits ii join pg_index ix on ix.indexrelid = ii.inhrelid
    where ii.inhparent = gx.indexrelid and ix.indrelid = gi.inhrelid)"""
"""Attaching a partition makes the index that is missing: such an index comes after it."""
