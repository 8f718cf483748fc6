from __future__ import annotations

from dataclasses import dataclass

from supasync.catalog.kinds import _rewrites
from supasync.catalog.kinds._relation import TABLE
from supasync.catalog.object import Id, Object, Part, Query, hint, reparsed
from supasync.sql import ident


@dataclass(frozen=True, kw_only=True)
class Default(Object):
    """A column's default: an object of its own, since it may need what the column does not."""

    label = "DEFAULT"
    query = Query(
        catalog="pg_attrdef",
        tables="""pg_attrdef d join pg_attribute a on a.attrelid = d.adrelid and a.attnum = d.adnum
            join pg_class c on c.oid = d.adrelid join namespace n on n.oid = c.relnamespace""",
        where=f"{TABLE} and a.attgenerated = ''",
        oid="d.oid",
        path="n.nspname, c.relname, a.attname",
        schema="n",
        anchor=("pg_class", "d.adrelid"),
    )
    # it names no column: without its table, which the server would have to open, it reads the same
    expression: str = reparsed("pg_get_expr(d.adbin, 0)")
    volatile: bool = hint(_rewrites.VOLATILE.format("d.adbin"))

    @property
    def leader(self) -> Id:
        return ("column", *self.id[1:])

    @property
    def inlined(self) -> bool:
        return True

    @property
    def column(self) -> str:
        return f"alter table only {ident(*self.path[:2])} alter column {ident(self.path[2])}"

    def inline(self, parts: tuple[Part, ...] = ()) -> str:
        return f"default {self.expression}"

    def create(self, parts: tuple[Part, ...] = ()) -> list[str]:
        return [f"{self.column} set default {self.expression}"]

    def drop(self) -> list[str]:
        return [f"{self.column} drop default"]

    def alter_expression(self, old: Default) -> list[str]:
        return self.create()
