from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from supasync.catalog import rights
from supasync.catalog.kinds._inherit import LINK_SUB
from supasync.catalog.kinds.trigger import ENABLED
from supasync.catalog.object import Object, Part, Query, hint, read
from supasync.catalog.rights import Right
from supasync.sql import ident


@dataclass(frozen=True, kw_only=True)
class TriggerClone(Object):
    """A partition's copy of a trigger: it comes and goes with that, but is enabled by itself."""

    label = "TRIGGER"
    query = Query(
        catalog="pg_trigger",
        tables="""pg_trigger g join pg_class c on c.oid = g.tgrelid
            join namespace n on n.oid = c.relnamespace
            join pg_trigger p on p.oid = g.tgparentid""",
        where="not g.tgisinternal",
        oid="g.oid",
        path="n.nspname, c.relname, g.tgname",
        schema="n",
        anchor=("pg_class", "g.tgrelid"),
        edges=f"""select 'pg_trigger'::regclass::oid, g.oid, 0, 'pg_class'::regclass::oid,
                g.tgrelid, {LINK_SUB}
            from pg_trigger g where g.tgparentid <> 0 and not g.tgisinternal""",
    )
    enabled: str = read("g.tgenabled")
    parent_enabled: str = hint("p.tgenabled")

    def needs(self, old: TriggerClone | None, verb: str) -> Iterable[Right]:
        yield rights.owns_relation(*self.path[:2])

    def create(self, parts: tuple[Part, ...] = ()) -> list[str]:
        return [] if self.enabled == self.parent_enabled == "O" else self.alter_enabled(self)

    def drop(self) -> list[str]:
        return []

    def dress(self, creator: str, born: object) -> list[str]:
        return []  # pg_dump knows no comment of it

    def alter_enabled(self, old: TriggerClone) -> list[str]:
        table, name = ident(*self.path[:2]), ident(self.path[2])
        return [f"alter table only {table} {ENABLED[self.enabled]} {name}"]
