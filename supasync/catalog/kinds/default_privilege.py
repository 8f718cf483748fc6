from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from supasync.catalog import grants as acl
from supasync.catalog import rights
from supasync.catalog.object import Object, Part, Query, read
from supasync.catalog.rights import Right
from supasync.sql import ident

OBJECTS = {
    "r": "tables",
    "S": "sequences",
    "f": "functions",
    "T": "types",
    "n": "schemas",
    "L": "large objects",
}


@dataclass(frozen=True, kw_only=True)
class DefaultPrivilege(Object):
    """Path: the role that creates, the schema ("" = any), the object type's letter."""

    label = "DEFAULT PRIVILEGES"
    query = Query(
        catalog="pg_default_acl",
        tables="""pg_default_acl d join pg_roles r on r.oid = d.defaclrole
            left join namespace n on n.oid = d.defaclnamespace""",
        oid="d.oid",
        path="r.rolname, coalesce(n.nspname, ''), d.defaclobjtype::text",
        schema="n",
    )
    late = True  # what the plan creates is born under the privileges that were read
    entries: tuple[str, ...] = read("d.defaclacl::text[]")

    @property
    def title(self) -> str:
        role, schema, letter = self.path
        where = f" in schema {schema}" if schema else ""
        return f"DEFAULT PRIVILEGES for {role}{where} on {OBJECTS[letter]}"

    @property
    def schema(self) -> str | None:
        return self.path[1] or None

    @property
    def items(self) -> tuple[acl.Item, ...]:
        return tuple(acl.parse(entry) for entry in self.entries)

    @property
    def roles(self) -> frozenset[str]:
        return frozenset({self.path[0], *(item.grantee for item in self.items)}) - {""}

    def births(self) -> Iterable[tuple[tuple[str, str, str], tuple[acl.Item, ...]]]:
        role, schema, letter = self.path
        yield (role, schema, letter.replace("S", "s")), self.items

    def _nothing(self) -> tuple[acl.Item, ...]:
        """What holds where there is no entry: in one schema nothing, else the built-in default."""
        role, schema, letter = self.path
        return () if schema else acl.DEFAULTS(letter.replace("S", "s"), role)

    def _change(self, was: tuple[acl.Item, ...], now: tuple[acl.Item, ...]) -> list[str]:
        role, schema, letter = self.path
        where = f" in schema {ident(schema)}" if schema else ""
        head = f"alter default privileges for role {ident(role)}{where}"
        return [f"{head} {part}" for part in acl.change(was, now, OBJECTS[letter], role)]

    def widens(self, old: DefaultPrivilege | None, how: str) -> Iterable[str]:
        was, now = (old.items if old else self._nothing()), self.items
        if how == "drop":
            was, now = now, self._nothing()
        for grantee, more in acl.gained(was, now, self.path[0]):
            yield f"{grantee} will get {', '.join(more)} on what is created later"

    def needs(self, old: DefaultPrivilege | None, verb: str) -> Iterable[Right]:
        yield rights.acts_as(self.path[0])

    def create(self, parts: tuple[Part, ...] = ()) -> list[str]:
        return self._change(self._nothing(), self.items)

    def drop(self) -> list[str]:
        return self._change(self.items, self._nothing())

    def alter_entries(self, old: DefaultPrivilege) -> list[str]:
        return self._change(old.items, self.items)
