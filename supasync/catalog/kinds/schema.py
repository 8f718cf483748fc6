from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from supasync.catalog import rights
from supasync.catalog.object import Object, Part, Query
from supasync.catalog.rights import Right


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

    def create(self, parts: tuple[Part, ...] = ()) -> list[str]:
        return [f"create schema {self.ref}"]
