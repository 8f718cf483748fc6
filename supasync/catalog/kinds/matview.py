from __future__ import annotations

from dataclasses import dataclass

from supasync.catalog.kinds._relation import (
    COLUMN_COMMENTS,
    alter_column_comments,
    alter_options,
    view_aliases,
    with_options,
)
from supasync.catalog.object import Object, Part, Query, read, reparsed


@dataclass(frozen=True, kw_only=True)
class MaterializedView(Object):
    label = "MATERIALIZED VIEW"
    namespaces = ("relation", "type")
    query = Query(
        catalog="pg_class",
        sort="m",
        tables="pg_class c join namespace n on n.oid = c.relnamespace",
        where="c.relkind = 'm'",
        oid="c.oid",
        path="n.nspname, c.relname",
        schema="n",
        owner="c.relowner",
        acl="c.relacl",
        acl_type="'r'",
        aliases=view_aliases("m"),
    )
    options: tuple[str, ...] | None = read("c.reloptions")
    definition: str = reparsed("pg_get_viewdef(c.oid)")
    column_comments: tuple[tuple[str, str], ...] | None = read(COLUMN_COMMENTS)

    @property
    def acl_target(self) -> str:
        return f"TABLE {self.ref}"

    def create(self, parts: tuple[Part, ...] = ()) -> list[str]:
        query = self.definition.strip().removesuffix(";")
        head = f"create materialized view {self.ref}{with_options(self.options)}"
        comments = alter_column_comments(self.ref, None, self.column_comments)
        return [f"{head} as {query} with no data", *comments]

    def finish(self) -> list[str]:
        # an unpopulated one answers every query with an error; what it calls exists by now
        return [f"refresh materialized view {self.ref}"]

    def alter_options(self, old: MaterializedView) -> list[str]:
        return alter_options("materialized view", self.ref, old.options, self.options)

    def alter_column_comments(self, old: MaterializedView) -> list[str]:
        return alter_column_comments(self.ref, old.column_comments, self.column_comments)
