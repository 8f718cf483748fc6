from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from supasync.catalog.gathered import gathered
from supasync.catalog.object import Object, Part, Query, hint, read
from supasync.catalog.session import Session
from supasync.sql import literal, text_array

# other columns are the service's, or are about users; older services have no type
_GATHER = """select json_agg(json_build_object('id', b.id, 'name', b.name, 'public', b.public,
  'size', b.file_size_limit, 'types', b.allowed_mime_types,
  'type', nullif(to_jsonb(b)->>'type', 'STANDARD'),
  'used', exists (select from storage.objects o where o.bucket_id = b.id)) order by b.id)
from storage.buckets b"""


@dataclass(frozen=True, kw_only=True)
class Bucket(Object):
    """A row of storage.buckets, as far as it is configuration; the objects in it never."""

    label = "BUCKET"
    query = Query(
        catalog="storage.buckets",
        tables=gathered(
            "bucket", "id text, name text, public bool, size int8, types json, type text, used bool"
        ),
        gather=_GATHER,
        gather_from="storage.buckets",
        oid="(hashtext(g.id)::int8 & 4294967295)::oid",
        path="g.id",
    )
    holds_data = True
    name: str = read("g.name")
    public: bool | None = read("g.public")
    file_size_limit: int | None = read("g.size")
    allowed_mime_types: tuple[str, ...] | None = read("g.types")
    type: str | None = read("g.type")
    used: bool = hint("g.used")

    @property
    def _values(self) -> dict[str, str]:
        types = self.allowed_mime_types
        values = {
            "name": literal(self.name),
            "public": "null" if self.public is None else str(self.public).lower(),
            "file_size_limit": "null"
            if self.file_size_limit is None
            else str(self.file_size_limit),
            "allowed_mime_types": "null" if types is None else text_array(types),
        }
        return {**values, "type": literal(self.type)} if self.type else values

    def create(self, parts: tuple[Part, ...] = ()) -> list[str]:
        names, values = ", ".join(self._values), ", ".join(self._values.values())
        return [
            f"insert into storage.buckets (id, {names}) values ({literal(self.path[0])}, {values})"
        ]

    def _set(self, column: str) -> list[str]:
        where = f"where id = {literal(self.path[0])}"
        return [f"update storage.buckets set {column} = {self._values[column]} {where}"]

    def alter_name(self, old: Bucket) -> list[str]:
        return self._set("name")

    def alter_public(self, old: Bucket) -> list[str]:
        return self._set("public")

    def alter_file_size_limit(self, old: Bucket) -> list[str]:
        return self._set("file_size_limit")

    def alter_allowed_mime_types(self, old: Bucket) -> list[str]:
        return self._set("allowed_mime_types")

    def drop(self) -> list[str]:
        return [
            # the service's own way past its trigger protect_delete
            "set local storage.allow_delete_query = 'true'",
            f"delete from storage.buckets where id = {literal(self.path[0])}",
            "set local storage.allow_delete_query = 'false'",
        ]

    def obstacles(self, verb: str, session: Session) -> Iterable[str]:
        if verb == "drop" and self.used:
            yield "it has objects, whose files only the Storage API can remove: empty it there"
