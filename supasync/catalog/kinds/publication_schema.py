from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from supasync.catalog import rights
from supasync.catalog.object import Object, Part, Query
from supasync.catalog.rights import Right
from supasync.sql import ident


@dataclass(frozen=True, kw_only=True)
class PublicationSchema(Object):
    """Membership of all tables of a schema in a publication."""

    label = "PUBLICATION SCHEMA"
    query = Query(
        catalog="pg_publication_namespace",
        tables="""pg_publication_namespace m join pg_publication b on b.oid = m.pnpubid
            join namespace n on n.oid = m.pnnspid""",
        oid="m.oid",
        path="b.pubname, n.nspname",
        schema="n",
    )

    @property
    def schema(self) -> str:
        return self.path[1]

    def needs(self, old: PublicationSchema | None, verb: str) -> Iterable[Right]:
        yield rights.owns_publication(self.path[0])
        if verb == "create":
            yield rights.superuser("FOR TABLES IN SCHEMA")

    def create(self, parts: tuple[Part, ...] = ()) -> list[str]:
        schema = ident(self.path[1])
        return [f"alter publication {ident(self.path[0])} add tables in schema {schema}"]

    def drop(self) -> list[str]:
        schema = ident(self.path[1])
        return [f"alter publication {ident(self.path[0])} drop tables in schema {schema}"]
