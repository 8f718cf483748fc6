from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from supasync.catalog import rights
from supasync.catalog.kinds._inherit import LINK_SUB
from supasync.catalog.object import Id, Object, Part, Query, hint, read
from supasync.catalog.rights import Right
from supasync.sql import ident

_CHILDREN = "c.relkind in ('r', 'f') and not c.relispartition"
_LINK = f"'pg_class'::regclass::oid, i.inhrelid, {LINK_SUB} - i.inhseqno"


@dataclass(frozen=True, kw_only=True)
class Inheritance(Object):
    """That a table inherits from another."""

    label = "INHERITANCE"
    query = Query(
        catalog="pg_class",
        sort="r,f",
        tables="""pg_inherits i join pg_class c on c.oid = i.inhrelid
            join namespace n on n.oid = c.relnamespace
            join pg_class p on p.oid = i.inhparent
            join pg_namespace pn on pn.oid = p.relnamespace""",
        where=_CHILDREN,
        oid="c.oid",
        sub=f"{LINK_SUB} - i.inhseqno",
        path="n.nspname, c.relname, pn.nspname, p.relname",
        schema="n",
        edges=f"""select {_LINK}, 'pg_class'::regclass::oid, t.oid, 0
            from pg_inherits i join pg_class c on c.oid = i.inhrelid and {_CHILDREN}
              cross join lateral (values (i.inhrelid), (i.inhparent)) t(oid)""",
        order=f"""select {_LINK}, 'pg_class'::regclass::oid, a.attrelid, a.attnum::int
            from pg_inherits i join pg_class c on c.oid = i.inhrelid and {_CHILDREN}
              join pg_attribute a on a.attrelid = i.inhparent and a.attnum > 0""",
        apart=f"""select 'pg_class'::regclass::oid, i.inhrelid, 0, 'pg_class'::regclass::oid,
            i.inhparent, 0
          from pg_inherits i join pg_class c on c.oid = i.inhrelid and {_CHILDREN}""",
    )
    group = 2
    rank: int = read(
        """(select count(*) from pg_inherits b
          where b.inhrelid = i.inhrelid and b.inhseqno < i.inhseqno)"""
    )
    columns: tuple[str, ...] | None = hint(
        """(select json_agg(a.attname order by a.attnum) from pg_attribute a
          where a.attrelid = i.inhparent and a.attnum > 0 and not a.attisdropped)"""
    )

    @property
    def leader(self) -> Id:
        return ("table", *self.path[:2])

    @property
    def inlined(self) -> bool:
        return True

    @property
    def order(self) -> int:
        return self.rank

    @property
    def parent_ref(self) -> str:
        return ident(*self.path[2:])

    @property
    def title(self) -> str:
        child, parent = ".".join(self.path[:2]), ".".join(self.path[2:])
        return f"{self.label} of {child} from {parent}"

    def inline(self, parts: tuple[Part, ...] = ()) -> str:
        return self.parent_ref

    def needs(self, old: Inheritance | None, verb: str) -> Iterable[Right]:
        yield rights.owns_relation(*self.path[:2])
        yield rights.owns_relation(*self.path[2:])

    def create(self, parts: tuple[Part, ...] = ()) -> list[str]:
        return [f"alter table {ident(*self.path[:2])} inherit {self.parent_ref}"]

    def drop(self) -> list[str]:
        return [f"alter table {ident(*self.path[:2])} no inherit {self.parent_ref}"]

    def rehome(self) -> list[str]:
        return []  # what is done to a parent's columns is done to the child's
