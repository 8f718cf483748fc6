from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from supasync.catalog import rights
from supasync.catalog.grants import Item
from supasync.catalog.object import Object, Part, Query
from supasync.catalog.rights import Right

_OWNER = "pg_database_owner"


@dataclass(frozen=True, kw_only=True)
class Schema(Object):
    label = "SCHEMA"
    query = Query(
        catalog="pg_namespace",
        tables="namespace n",
        oid="n.oid",
        path="n.nspname",
        schema="n",
        owner="n.nspowner",
        acl="n.nspacl",
        acl_type="'n'",
    )

    @property
    def owner_needs(self) -> None:
        return None

    def needs(self, old: Schema | None, verb: str) -> Iterable[Right]:
        if verb == "create" or (old is not None and old.owner != self.owner):
            yield rights.creates_in_database()

    @classmethod
    def initial(cls) -> tuple[Schema, ...]:
        # src/bin/initdb/initdb.c, setup_privileges(); src/include/catalog/pg_namespace.dat
        return (
            cls(
                id=("schema", "public"),
                owner=_OWNER,
                comment="standard public schema",
                grants=(Item(_OWNER, "UC", _OWNER), Item("", "U", _OWNER)),
            ),
        )

    def create(self, parts: tuple[Part, ...] = ()) -> list[str]:
        return [f"create schema {self.ref}"]
