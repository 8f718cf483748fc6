from __future__ import annotations

from dataclasses import dataclass

from supasync.catalog.object import Object, Part, Query, read
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

    @classmethod
    def initial(cls) -> tuple[Extension, ...]:
        name, comment = "plpgsql", "PL/pgSQL procedural language"
        return (cls(id=("extension", name), comment=comment, location="pg_catalog"),)

    def create(self, parts: tuple[Part, ...] = ()) -> list[str]:
        return [f"create extension if not exists {self.ref} with schema {ident(self.location)}"]

    def alter_location(self, old: Extension) -> list[str]:
        return [f"alter extension {self.ref} set schema {ident(self.location)}"]
