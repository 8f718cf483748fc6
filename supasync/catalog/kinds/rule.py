from __future__ import annotations

from dataclasses import dataclass

from supasync.catalog.kinds._relation import TABLE
from supasync.catalog.object import Id, Object, Part, Query, read, reparsed
from supasync.sql import ident, literal

ENABLED = {
    "O": "enable rule",
    "D": "disable rule",
    "R": "enable replica rule",
    "A": "enable always rule",
}


@dataclass(frozen=True, kw_only=True)
class Rule(Object):
    """A rewrite rule. The one named _RETURN is its view."""

    label = "RULE"
    query = Query(
        catalog="pg_rewrite",
        tables="""pg_rewrite r join pg_class c on c.oid = r.ev_class
            join namespace n on n.oid = c.relnamespace""",
        where=f"r.rulename <> '_RETURN' and ({TABLE} or c.relkind = 'v')",
        oid="r.oid",
        path="n.nspname, c.relname, r.rulename",
        schema="n",
        anchor=("pg_class", "r.ev_class"),
    )
    relation_kind: str = read("case c.relkind when 'v' then 'view' else 'table' end")
    definition: str = reparsed("pg_get_ruledef(r.oid)")
    enabled: str = read("r.ev_enabled")

    @property
    def leader(self) -> Id:
        return (self.relation_kind, *self.path[:2])

    @property
    def ref(self) -> str:
        return f"{ident(self.path[2])} on {ident(*self.path[:2])}"

    def create(self, parts: tuple[Part, ...] = ()) -> list[str]:
        enabled = self.alter_enabled(self) if self.enabled != "O" else []
        return [self.definition.removesuffix(";"), *enabled]

    def alter_comment(self, old: Object) -> list[str]:
        return [f"comment on rule {self.ref} is {literal(self.comment)}"]

    def alter_definition(self, old: Rule) -> list[str]:
        text = self.definition.removesuffix(";")
        return [text.replace("CREATE RULE", "CREATE OR REPLACE RULE", 1)]

    def alter_enabled(self, old: Rule) -> list[str]:
        table, name = ident(*self.path[:2]), ident(self.path[2])
        return [f"alter table {table} {ENABLED[self.enabled]} {name}"]
