from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from supasync.catalog import rights
from supasync.catalog.object import Object, Part, Query, read
from supasync.catalog.rights import Right


@dataclass(frozen=True, kw_only=True)
class Publication(Object):
    label = "PUBLICATION"
    query = Query(
        catalog="pg_publication",
        tables="pg_publication b",
        oid="b.oid",
        path="b.pubname",
        owner="b.pubowner",
    )
    all_tables: bool = read("b.puballtables")
    operations: tuple[str, ...] = read(
        """array_remove(array[case when b.pubinsert then 'insert' end,
            case when b.pubupdate then 'update' end, case when b.pubdelete then 'delete' end,
            case when b.pubtruncate then 'truncate' end], null)"""
    )
    via_root: bool = read("b.pubviaroot")
    generated_columns: str | None = read("nullif(to_jsonb(b)->>'pubgencols', 'n')")
    """PostgreSQL 18; none is the default and all that older servers do."""

    def _options(self) -> str:
        root = "true" if self.via_root else "false"
        operations = ", ".join(self.operations)
        generated = ", publish_generated_columns = stored" if self.generated_columns else ""
        return f"(publish = '{operations}', publish_via_partition_root = {root}{generated})"

    def create(self, parts: tuple[Part, ...] = ()) -> list[str]:
        tables = " for all tables" if self.all_tables else ""
        return [f"create publication {self.ref}{tables} with {self._options()}"]

    @property
    def owner_needs(self) -> Right:
        return rights.creates_in_database()

    def needs(self, old: Publication | None, verb: str) -> Iterable[Right]:
        if verb == "create":
            yield rights.creates_in_database()
        if verb != "drop" and self.all_tables and (old is None or old.owner != self.owner):
            yield rights.superuser("a publication FOR ALL TABLES")

    def alter_operations(self, old: Publication) -> list[str]:
        return [f"alter publication {self.ref} set {self._options()}"]

    def alter_generated_columns(self, old: Publication) -> list[str]:
        kind = "stored" if self.generated_columns else "none"
        return [f"alter publication {self.ref} set (publish_generated_columns = {kind})"]

    def alter_via_root(self, old: Publication) -> list[str]:
        return self.alter_operations(old)
