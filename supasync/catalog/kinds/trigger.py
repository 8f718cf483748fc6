from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from supasync.catalog import rights
from supasync.catalog.kinds._relation import TABLE
from supasync.catalog.object import Id, Object, Part, Query, hint, read, reparsed
from supasync.catalog.rights import Right
from supasync.catalog.scope import WEBHOOK
from supasync.catalog.session import Session
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
        where=f"({TABLE} or c.relkind = 'v') and not g.tgisinternal and g.tgparentid = 0",
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
    """Of a webhook always D in the platform's scope: it comes over disarmed, and a branch may arm
    its own."""
    webhook: bool = hint(WEBHOOK)
    calls_out: bool = hint("g.tgenabled <> 'D'")
    platforms: bool = hint("n.managed")
    """Its table is the platform's, so no ALTER TABLE."""
    partitioned: bool = hint("c.relkind = 'p'")

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
        return [self.definition, *self._disabled]

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
        if self.constraint or (self.partitioned and not self.platforms):
            # replaced, the partitions' copies would be enabled
            return None
        # replaced, not dropped: on the platform DROP TRIGGER locks every managed table; that
        # enables it
        return [self._replaced, *self._disabled]

    @property
    def _disabled(self) -> list[str]:
        """What a trigger that was just made, and so enabled, needs."""
        return (self.alter_enabled(self) or []) if self.enabled != "O" else []

    @property
    def _replaced(self) -> str:
        return self.definition.replace("CREATE TRIGGER", "CREATE OR REPLACE TRIGGER", 1)

    def alter_enabled(self, old: Trigger) -> list[str] | None:
        if self.platforms and self.enabled == "O":
            return None if self.constraint else [self._replaced]
        # of partitions, the copies are objects of their own
        only = "only " if self.relation_kind == "table" else ""
        return [f"alter table {only}{self.table} {ENABLED[self.enabled]} {ident(self.path[2])}"]

    def obstacles(self, verb: str, session: Session) -> Iterable[str]:
        if verb != "drop" and self.webhook and "supabase_functions" not in session.schemas:
            yield "database webhooks are not enabled on the target"
        if verb != "drop" and self.platforms and self.enabled != "O" and not session.superuser:
            yield f"only the owner of {'.'.join(self.path[:2])} can disable its triggers"

    def disarmed(self, old: Trigger | None) -> str:
        disabled = self.calls_out and self.enabled == "D"
        return "is left disabled: it would call production's webhook" if disabled else ""
