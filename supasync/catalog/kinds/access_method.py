from __future__ import annotations

from dataclasses import dataclass

from supasync.catalog.object import Object, Part, Query, read


@dataclass(frozen=True, kw_only=True)
class AccessMethod(Object):
    label = "ACCESS METHOD"
    superusers = ("create",)
    query = Query(
        catalog="pg_am",
        tables="pg_am am",
        where="am.oid >= 16384",
        oid="am.oid",
        path="am.amname",
    )
    type: str = read("am.amtype")
    handler: str = read("am.amhandler::regproc::text")

    def create(self, parts: tuple[Part, ...] = ()) -> list[str]:
        of = {"i": "index", "t": "table"}[self.type]
        return [f"create access method {self.ref} type {of} handler {self.handler}"]
