from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Sequence as Seq
from dataclasses import dataclass

from supasync.catalog.hazards import Hazard, table_rewrite
from supasync.catalog.kinds._relation import (
    OPTIONS,
    ORDINARY,
    alter_options,
    row_type_aliases,
    with_options,
)
from supasync.catalog.object import Object, Part, Query, read
from supasync.sql import ident


@dataclass(frozen=True, kw_only=True)
class Table(Object):
    label = "TABLE"
    namespaces = ("relation", "type")
    query = Query(
        catalog="pg_class",
        sort="r",
        tables="pg_class c join namespace n on n.oid = c.relnamespace",
        where=ORDINARY,
        oid="c.oid",
        path="n.nspname, c.relname",
        schema="n",
        owner="c.relowner",
        acl="c.relacl",
        acl_type="'r'",
        aliases=row_type_aliases("r"),
    )
    holds_data = True
    deferred = frozenset({"replica_identity"})  # it may name an index of this plan
    persistence: str = read("c.relpersistence")
    options: tuple[str, ...] | None = read(OPTIONS)
    row_security: bool = read("c.relrowsecurity")
    force_row_security: bool = read("c.relforcerowsecurity")
    replica_identity: tuple[str, str | None] = read(
        """json_build_array(c.relreplident, (select r.relname from pg_index i
            join pg_class r on r.oid = i.indexrelid
            where i.indrelid = c.oid and i.indisreplident and c.relreplident = 'i'))"""
    )

    def create(self, parts: Seq[Part] = ()) -> list[str]:
        unlogged = "unlogged " if self.persistence == "u" else ""
        body = ",\n  ".join(part.object.inline(part.parts) for part in parts)
        inside = f"\n  {body}\n" if body else ""
        statements = [f"create {unlogged}table {self.ref} ({inside}){with_options(self.options)}"]
        if self.row_security:
            statements += self.alter_row_security(self)
        if self.force_row_security:
            statements += self.alter_force_row_security(self)
        return statements

    def finish(self) -> list[str]:
        return [] if self.replica_identity[0] == "d" else self.alter_replica_identity(self)

    def alter_replica_identity(self, old: Table) -> list[str]:
        letter, index = self.replica_identity
        words = {"d": "default", "f": "full", "n": "nothing"}
        to = f"using index {ident(index)}" if index else words.get(letter, "default")
        return [f"alter table {self.ref} replica identity {to}"]

    def alter_persistence(self, old: Table) -> list[str]:
        return [f"alter table {self.ref} set {'unlogged' if self.persistence == 'u' else 'logged'}"]

    def costs(self, how: str, old: Table | None, parts: tuple[Part, ...]) -> list[Hazard]:
        rewritten = old is not None and self.persistence != old.persistence
        return [*super().costs(how, old, parts)] + ([table_rewrite(self.title)] * rewritten)

    def widens(self, old: Table | None, how: str) -> Iterable[str]:
        yield from super().widens(old, how)
        if old is not None and old.row_security and not self.row_security:
            yield "row level security is disabled"
        if old is not None and old.force_row_security and not self.force_row_security:
            yield "row level security no longer holds for the owner"

    def alter_options(self, old: Table) -> list[str]:
        return alter_options("table", self.ref, old.options, self.options)

    def alter_row_security(self, old: Table) -> list[str]:
        word = "enable" if self.row_security else "disable"
        return [f"alter table {self.ref} {word} row level security"]

    def alter_force_row_security(self, old: Table) -> list[str]:
        word = "force" if self.force_row_security else "no force"
        return [f"alter table {self.ref} {word} row level security"]
