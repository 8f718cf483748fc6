from __future__ import annotations

from dataclasses import dataclass

from supasync.catalog.object import Object, Part, Query, read


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
    # the column came with PostgreSQL 18
    generated_columns: str | None = read("nullif(to_json(b)->>'pubgencols', 'n')")

    def _options(self, *more: str) -> str:
        root = "true" if self.via_root else "false"
        operations = f"publish = '{', '.join(self.operations)}'"
        return f"({', '.join([operations, f'publish_via_partition_root = {root}', *more])})"

    def create(self, parts: tuple[Part, ...] = ()) -> list[str]:
        tables = " for all tables" if self.all_tables else ""
        columns = [self._generated] if self.generated_columns else []
        return [f"create publication {self.ref}{tables} with {self._options(*columns)}"]

    @property
    def _generated(self) -> str:
        return f"publish_generated_columns = {'stored' if self.generated_columns else 'none'}"

    def alter_generated_columns(self, old: Publication) -> list[str]:
        return [f"alter publication {self.ref} set ({self._generated})"]

    def alter_operations(self, old: Publication) -> list[str]:
        return [f"alter publication {self.ref} set {self._options()}"]

    def alter_via_root(self, old: Publication) -> list[str]:
        return self.alter_operations(old)
