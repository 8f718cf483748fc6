from __future__ import annotations

from dataclasses import dataclass

from supasync.catalog import grants as acl
from supasync.catalog.kinds import _columns
from supasync.catalog.kinds._relation import (
    COLUMN_COMMENTS,
    OPTIONS,
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
    options: tuple[str, ...] | None = read(OPTIONS)
    definition: str = reparsed("pg_get_viewdef(c.oid)")
    column_comments: tuple[tuple[str, str], ...] | None = read(COLUMN_COMMENTS)
    column_statistics: tuple[tuple[str, int], ...] | None = read(_columns.STATISTICS)
    column_grants: _columns.Grants = read(_columns.GRANTS)

    @property
    def acl_target(self) -> str:
        return f"TABLE {self.ref}"

    def create(self, parts: tuple[Part, ...] = ()) -> list[str]:
        query = self.definition.strip().removesuffix(";")
        head = f"create materialized view {self.ref}{with_options(self.options)}"
        comments = alter_column_comments(self.ref, None, self.column_comments)
        created = [f"{head} as {query} with no data", *comments]
        return created + self.alter_column_statistics(None)

    def alter_column_statistics(self, old: MaterializedView | None) -> list[str]:
        was = old.column_statistics if old else None
        return _columns.change_statistics(
            was, self.column_statistics, f"alter materialized view {self.ref}"
        )

    def finish(self) -> list[str]:
        # an unpopulated one answers every query with an error; what it calls exists by now
        return [f"refresh materialized view {self.ref}"]

    def dress(self, creator: str, born: tuple[acl.Item, ...] | None) -> list[str]:
        return super().dress(creator, born) + self._remake_column_grants(None)

    def alter_grants(self, old: MaterializedView) -> list[str]:
        # a REVOKE on the whole takes the columns' grants along
        return super().alter_grants(old) + self._remake_column_grants(old.column_grants)

    def _remake_column_grants(self, old: _columns.Grants) -> list[str]:
        target, owner = self.acl_target, self.acl_owner
        return _columns.change_grants(old, None, target, owner) + _columns.change_grants(
            None, self.column_grants, target, owner
        )

    def alter_column_grants(self, old: MaterializedView) -> list[str]:
        if self.grants != old.grants or self.owner != old.owner:
            return []  # made anew already
        return _columns.change_grants(
            old.column_grants, self.column_grants, self.acl_target, self.acl_owner
        )

    def alter_options(self, old: MaterializedView) -> list[str]:
        return alter_options("materialized view", self.ref, old.options, self.options)

    def alter_column_comments(self, old: MaterializedView) -> list[str]:
        return alter_column_comments(self.ref, old.column_comments, self.column_comments)
