from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Sequence as Seq
from dataclasses import dataclass

from supasync.catalog.hazards import Hazard, table_rewrite
from supasync.catalog.kinds import _child
from supasync.catalog.kinds._relation import (
    ACCESS_METHOD,
    OPTIONS,
    TABLE,
    TABLE_SORTS,
    alter_options,
    change_foreign_options,
    foreign_options,
    row_type_aliases,
    using,
    with_options,
)
from supasync.catalog.object import Object, Part, Query, Rows, read, reparsed
from supasync.sql import ident, literal


@dataclass(frozen=True, kw_only=True)
class Table(Object):
    """An ordinary, partitioned or foreign table. What it is a partition or a child of, and that it
    is of a type, are objects of their own."""

    label = "TABLE"
    namespaces = ("relation", "type")
    query = Query(
        catalog="pg_class",
        sort=TABLE_SORTS,
        tables=f"""pg_class c join namespace n on n.oid = c.relnamespace
            left join pg_foreign_table f on f.ftrelid = c.oid
            left join pg_foreign_server s on s.oid = f.ftserver {ACCESS_METHOD}""",
        where=TABLE,
        oid="c.oid",
        path="n.nspname, c.relname",
        schema="n",
        owner="c.relowner",
        acl="c.relacl",
        acl_type="'r'",
        aliases=row_type_aliases(TABLE_SORTS),
        rows=(Rows("pg_foreign_table", touches=(("'pg_class'::regclass", "ftrelid"),)),),
    )
    holds_data = True
    deferred = frozenset({"replica_identity"})  # it may name an index of this plan
    relkind: str = read("c.relkind")
    persistence: str = read("c.relpersistence")
    access_method: str | None = read("am.amname")
    options: tuple[str, ...] | None = read(OPTIONS)
    partition_by: str | None = reparsed("pg_get_partkeydef(c.oid)")
    row_security: bool = read("c.relrowsecurity")
    force_row_security: bool = read("c.relforcerowsecurity")
    replica_identity: tuple[str, str | None] = read(
        # PostgreSQL says NOTHING of a foreign table, and refuses to hear of it
        """json_build_array(case c.relkind when 'f' then 'd' else c.relreplident end,
            (select r.relname from pg_index i join pg_class r on r.oid = i.indexrelid
            where i.indrelid = c.oid and i.indisreplident and c.relreplident = 'i'))"""
    )
    server: str | None = read("s.srvname")
    foreign_options: tuple[str, ...] | None = read("f.ftoptions")

    @property
    def words(self) -> str:
        return "foreign table" if self.relkind == "f" else "table"

    @property
    def has_data(self) -> bool:
        return self.relkind == "r"

    def create(self, parts: Seq[Part] = ()) -> list[str]:
        unlogged = "unlogged " if self.persistence == "u" else ""
        head = f"create {unlogged}{self.words} {self.ref}"
        statements = _child.create(head, self._tail(), self.path, parts)
        if self.row_security:
            statements += self.alter_row_security(self)
        if self.force_row_security:
            statements += self.alter_force_row_security(self)
        return statements

    def _tail(self) -> str:
        """What stands behind the columns of CREATE TABLE."""
        words = f" partition by {self.partition_by}" if self.partition_by else ""
        if self.server is not None:
            words += f" server {ident(self.server)}"
        if self.foreign_options:
            words += f" options ({foreign_options(self.foreign_options)})"
        usual = None if self.relkind == "p" else "heap"
        return words + using(self.access_method, usual) + with_options(self.options)

    def drop(self) -> list[str]:
        return [f"drop {self.words} {self.ref}"]

    def alter_comment(self, old: Object) -> list[str]:
        return [f"comment on {self.words} {self.ref} is {literal(self.comment)}"]

    def finish(self) -> list[str]:
        if self.relkind == "f" or self.replica_identity[0] == "d":
            return []  # of a foreign table it says nothing, and nothing else can be said
        return self.alter_replica_identity(self)

    def alter_replica_identity(self, old: Table) -> list[str]:
        letter, index = self.replica_identity
        words = {"d": "default", "f": "full", "n": "nothing"}
        to = f"using index {ident(index)}" if index else words.get(letter, "default")
        return [f"alter table {self.ref} replica identity {to}"]

    def alter_persistence(self, old: Table) -> list[str]:
        return [f"alter table {self.ref} set {'unlogged' if self.persistence == 'u' else 'logged'}"]

    def costs(self, how: str, old: Table | None, parts: tuple[Part, ...]) -> list[Hazard]:
        rewritten = (
            self.has_data
            and old is not None
            and ((self.persistence, self.access_method) != (old.persistence, old.access_method))
        )
        return [*super().costs(how, old, parts)] + ([table_rewrite(self.title)] * rewritten)

    def widens(self, old: Table | None, how: str) -> Iterable[str]:
        yield from super().widens(old, how)
        if old is not None and old.row_security and not self.row_security:
            yield "row level security is disabled"
        if old is not None and old.force_row_security and not self.force_row_security:
            yield "row level security no longer holds for the owner"

    def alter_access_method(self, old: Table) -> list[str]:
        method = ident(self.access_method) if self.access_method else "default"
        return [f"alter table {self.ref} set access method {method}"]

    def alter_options(self, old: Table) -> list[str]:
        return alter_options("table", self.ref, old.options, self.options)

    def alter_row_security(self, old: Table) -> list[str]:
        word = "enable" if self.row_security else "disable"
        return [f"alter table {self.ref} {word} row level security"]

    def alter_force_row_security(self, old: Table) -> list[str]:
        word = "force" if self.force_row_security else "no force"
        return [f"alter table {self.ref} {word} row level security"]

    def alter_foreign_options(self, old: Table) -> list[str]:
        changes = change_foreign_options(old.foreign_options, self.foreign_options)
        return [f"alter foreign table {self.ref} options ({changes})"]
