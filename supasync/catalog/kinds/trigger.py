from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from supasync.catalog import rights
from supasync.catalog.kinds._relation import OR_MANAGED
from supasync.catalog.object import Id, Object, Part, Query, hint, read, reparsed
from supasync.catalog.rights import Right
from supasync.sql import ident, literal

ENABLED = {
    "O": "enable trigger",
    "D": "disable trigger",
    "R": "enable replica trigger",
    "A": "enable always trigger",
}


@dataclass(frozen=True, kw_only=True)
class Trigger(Object):
    label = "TRIGGER"
    query = Query(
        catalog="pg_trigger",
        tables="""pg_trigger g join pg_class c on c.oid = g.tgrelid
            join namespace n on n.oid = c.relnamespace
            join pg_proc f on f.oid = g.tgfoid join namespace fn on fn.oid = f.pronamespace""",
        where=f"({OR_MANAGED} or c.relkind = 'v') and not g.tgisinternal and g.tgparentid = 0",
        oid="g.oid",
        path="n.nspname, c.relname, g.tgname",
        schema="n",
        anchor=("pg_class", "g.tgrelid"),
        # on a table of the platform, a trigger is ours when its function is
        ours_in_managed="not fn.managed",
    )
    relation_kind: str = read("case c.relkind when 'v' then 'view' else 'table' end")
    definition: str = reparsed("pg_get_triggerdef(g.oid)")
    constraint: bool = read("g.tgconstraint <> 0")
    enabled: str = read("g.tgenabled")
    function: tuple[str, str] = hint("json_build_array(fn.nspname, f.proname)")

    @property
    def leader(self) -> Id:
        return (self.relation_kind, *self.path[:2])

    @property
    def table(self) -> str:
        return ident(*self.path[:2])

    @property
    def ref(self) -> str:
        return f"{ident(self.path[2])} on {self.table}"

    def create(self, parts: tuple[Part, ...] = ()) -> list[str]:
        return [self.definition] + (self.alter_enabled(self) if self.enabled != "O" else [])

    def needs(self, old: Trigger | None, verb: str) -> Iterable[Right]:
        fields = set(self.differing(old)) if old is not None else set()
        if verb == "create" or fields == {"definition"}:
            yield rights.triggers_on(*self.path[:2])
            yield rights.executes(*self.function)
        if verb != "create" or self.enabled != "O" or self.comment is not None:
            yield rights.owns_relation(*self.path[:2], lent=True)

    def alter_comment(self, old: Object) -> list[str]:
        return [f"comment on trigger {self.ref} is {literal(self.comment)}"]

    def alter_definition(self, old: Trigger) -> list[str] | None:
        if self.constraint:
            return None
        # replaced, not dropped: on the platform DROP TRIGGER locks every managed table
        replaced = self.definition.replace("CREATE TRIGGER", "CREATE OR REPLACE TRIGGER", 1)
        # … which enables it
        return [replaced, *(self.alter_enabled(self) if self.enabled != "O" else [])]

    def alter_enabled(self, old: Trigger) -> list[str]:
        return [f"alter table {self.table} {ENABLED[self.enabled]} {ident(self.path[2])}"]
