from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from supasync.catalog import grants as acl
from supasync.catalog import rights
from supasync.catalog.kinds._members import RESET
from supasync.catalog.object import Object, Part, Query, hint, read
from supasync.catalog.rights import Right
from supasync.sql import dollar, ident, literal


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
            from pg_depend where refclassid = 'pg_extension'::regclass and deptype = 'e'""",
    )
    holds_data = True
    location: str = read("n.nspname")
    relocatable: bool = hint("x.extrelocatable")

    @classmethod
    def initial(cls) -> tuple[Extension, ...]:
        name, comment = "plpgsql", "PL/pgSQL procedural language"
        return (
            cls(id=("extension", name), comment=comment, location="pg_catalog", relocatable=False),
        )

    def requires(self, verb: str) -> Iterable[Right]:
        return [rights.has_extension(self.path[0])] if verb == "create" else []

    def needs(self, old: Extension | None, verb: str) -> Iterable[Right]:
        name = self.path[0]
        if verb == "create":
            yield rights.installs(name)
        else:
            yield rights.owns_extension(name)
        if verb == "alter":
            yield rights.creates_in(self.location)

    def create(self, parts: tuple[Part, ...] = ()) -> list[str]:
        return [f"create extension if not exists {self.ref} with schema {ident(self.location)}"]

    def alter_location(self, old: Extension) -> list[str] | None:
        if not old.relocatable:
            return None
        return [f"alter extension {self.ref} set schema {ident(self.location)}"]

    def dress(self, creator: str, born: tuple[acl.Item, ...] | None) -> list[str]:
        return self.alter_comment(self)  # it is born with one, from its control file

    def settle(self) -> list[str]:
        found = f"(select oid from pg_extension where extname = {literal(self.path[0])})"
        return [f"do {dollar(RESET.format(extension=found))}"]
