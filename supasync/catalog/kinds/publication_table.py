from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from supasync.catalog import rights
from supasync.catalog.object import Id, Object, Part, Query, read, reparsed
from supasync.catalog.rights import Right
from supasync.sql import ident


@dataclass(frozen=True, kw_only=True)
class PublicationTable(Object):
    """A table's membership in a publication, with its column list and row filter."""

    label = "PUBLICATION TABLE"
    query = Query(
        catalog="pg_publication_rel",
        tables="""pg_publication_rel m join pg_publication b on b.oid = m.prpubid
            join pg_class c on c.oid = m.prrelid join namespace n on n.oid = c.relnamespace""",
        where="c.relkind in ('r', 'p')",
        oid="m.oid",
        path="b.pubname, n.nspname, c.relname",
        schema="n",
        anchor=("pg_class", "m.prrelid"),
    )
    columns: tuple[str, ...] | None = read(
        """(select json_agg(a.attname order by a.attnum) from unnest(m.prattrs) u
          join pg_attribute a on a.attrelid = m.prrelid and a.attnum = u)"""
    )
    filter: str | None = reparsed("pg_get_expr(m.prqual, m.prrelid)")

    @property
    def schema(self) -> str:
        return self.path[1]

    @property
    def leader(self) -> Id:
        return ("table", *self.path[1:])

    @property
    def publication(self) -> str:
        return f"alter publication {ident(self.path[0])}"

    def needs(self, old: PublicationTable | None, verb: str) -> Iterable[Right]:
        yield rights.owns_publication(self.path[0])
        if verb == "create":
            yield rights.owns_relation(*self.path[1:])

    def create(self, parts: tuple[Part, ...] = ()) -> list[str]:
        columns = f" ({', '.join(ident(name) for name in self.columns)})" if self.columns else ""
        only = f" where ({self.filter})" if self.filter else ""
        return [f"{self.publication} add table only {ident(*self.path[1:])}{columns}{only}"]

    def drop(self) -> list[str]:
        return [f"{self.publication} drop table only {ident(*self.path[1:])}"]
