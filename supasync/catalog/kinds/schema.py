from __future__ import annotations

from dataclasses import dataclass

from supasync.catalog.grants import Item
from supasync.catalog.object import Object, Part, Query

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
