from __future__ import annotations

from dataclasses import dataclass

from supasync.catalog.object import Object, Part, Query
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

    def create(self, parts: tuple[Part, ...] = ()) -> list[str]:
        schema = ident(self.path[1])
        return [f"alter publication {ident(self.path[0])} add tables in schema {schema}"]

    def drop(self) -> list[str]:
        schema = ident(self.path[1])
        return [f"alter publication {ident(self.path[0])} drop tables in schema {schema}"]
