from __future__ import annotations

from dataclasses import dataclass

from supasync.catalog.object import Object, Part, Query


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

    def create(self, parts: tuple[Part, ...] = ()) -> list[str]:
        return [f"create schema {self.ref}"]
