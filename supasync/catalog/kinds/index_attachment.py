from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from supasync.catalog import rights
from supasync.catalog.kinds._inherit import LINK_SUB
from supasync.catalog.object import Object, Part, Query, read
from supasync.catalog.rights import Right
from supasync.sql import ident

_CHILDREN = "c.relkind in ('i', 'I')"
_LINK = f"'pg_class'::regclass::oid, i.inhrelid, {LINK_SUB}"


@dataclass(frozen=True, kw_only=True)
class IndexAttachment(Object):
    """That a partition's index belongs to the partitioned table's.

    It ends with one of the two, or with the partition: by itself it cannot.
    """

    label = "INDEX ATTACHMENT"
    query = Query(
        catalog="pg_class",
        sort="i,I",
        tables="""pg_inherits i join pg_class c on c.oid = i.inhrelid
            join namespace n on n.oid = c.relnamespace
            join pg_index x on x.indexrelid = i.inhrelid
            join pg_class p on p.oid = i.inhparent
            join pg_namespace pn on pn.oid = p.relnamespace""",
        where=f"{_CHILDREN} and not x.indisexclusion",  # it cannot be said of those
        oid="c.oid",
        sub=f"{LINK_SUB}",
        path="n.nspname, c.relname",
        schema="n",
        anchor=("pg_class", "x.indrelid"),
        # a foreign key to a partitioned table needs the keys of all partitions
        edges=f"""select {_LINK}, 'pg_class'::regclass::oid, t.oid, t.sub
            from pg_inherits i join pg_index x on x.indexrelid = i.inhrelid
              cross join lateral (values (i.inhrelid, 0), (i.inhparent, 0),
                (x.indrelid, {LINK_SUB})) t(oid, sub)
            union all
            select 'pg_constraint'::regclass::oid, k.oid, 0, 'pg_class'::regclass::oid, t.relid,
              {LINK_SUB}
            from pg_constraint k join pg_class p on p.oid = k.confrelid and p.relkind = 'p'
              cross join lateral (select relid from pg_partition_tree(k.conindid) where level > 0
                union all select relid from pg_partition_tree(k.confrelid) where level > 0) t
            where k.contype = 'f' and k.conparentid = 0""",
    )
    parent: tuple[str, str] = read("json_build_array(pn.nspname, p.relname)")

    def needs(self, old: IndexAttachment | None, verb: str) -> Iterable[Right]:
        yield rights.owns_relation(*self.path[:2])
        yield rights.owns_relation(*self.parent)

    def create(self, parts: tuple[Part, ...] = ()) -> list[str]:
        return [f"alter index {ident(*self.parent)} attach partition {self.ref}"]

    def drop(self) -> list[str]:
        return []
