from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from supasync.catalog import rights
from supasync.catalog.object import Object, Part, Query, read
from supasync.catalog.rights import Right
from supasync.sql import ident


@dataclass(frozen=True, kw_only=True)
class Extension(Object):
    """An extension is its name and its schema.

    Its version is the platform's: `CREATE EXTENSION … VERSION` is ignored there. Its owner cannot
    be changed in PostgreSQL.
    """

    label = "EXTENSION"
    query = Query(
        catalog="pg_extension",
        tables="pg_extension x join namespace n on n.oid = x.extnamespace",
        oid="x.oid",
        path="x.extname",
        anchor=("pg_extension", "0"),
        # every member means the extension, so what uses a member depends on the extension
        aliases="""select classid, objid, objsubid, refclassid, refobjid, 0
            from pg_depend where deptype = 'e'""",
    )
    holds_data = True
    location: str = read("n.nspname")

    def needs(self, old: Extension | None, verb: str) -> Iterable[Right]:
        name = self.path[0]
        if verb == "create":
            yield rights.has_extension(name)
            yield rights.installs(name)
        else:
            yield rights.owns_extension(name)
        if verb == "alter":
            yield rights.creates_in(self.location)

    def create(self, parts: tuple[Part, ...] = ()) -> list[str]:
        return [f"create extension {self.ref} with schema {ident(self.location)}"]

    def alter_location(self, old: Extension) -> list[str]:
        return [f"alter extension {self.ref} set schema {ident(self.location)}"]
