from __future__ import annotations

from dataclasses import dataclass

from supasync.catalog import grants as acl
from supasync.catalog.kinds import _columns
from supasync.catalog.kinds._relation import (
    COLUMN_COMMENTS,
    alter_column_comments,
    alter_options,
    view_aliases,
    with_options,
)
from supasync.catalog.object import Object, Part, Query, read, reparsed


@dataclass(frozen=True, kw_only=True)
class View(Object):
    label = "VIEW"
    namespaces = ("relation", "type")
    query = Query(
        catalog="pg_class",
        sort="v",
        tables="pg_class c join namespace n on n.oid = c.relnamespace",
        where="c.relkind = 'v'",
        oid="c.oid",
        path="n.nspname, c.relname",
        schema="n",
        owner="c.relowner",
        acl="c.relacl",
        acl_type="'r'",
        aliases=view_aliases("v"),
    )
    columns: tuple[tuple[str, str], ...] = read(
        """(select json_agg(json_build_array(a.attname, format_type(a.atttypid, a.atttypmod),
            a.attcollation::regcollation::text) order by a.attnum)
          from pg_attribute a where a.attrelid = c.oid and a.attnum > 0)"""
    )
    options: tuple[str, ...] | None = read("c.reloptions")
    definition: str = reparsed("pg_get_viewdef(c.oid)")
    column_comments: tuple[tuple[str, str], ...] | None = read(COLUMN_COMMENTS)
    column_defaults: _columns.Pairs = reparsed(_columns.DEFAULTS)
    column_grants: _columns.Grants = read(_columns.GRANTS)

    @property
    def acl_target(self) -> str:
        return f"TABLE {self.ref}"

    def _create(self, words: str) -> str:
        query = self.definition.strip().removesuffix(";")
        return f"{words} {self.ref}{with_options(self.options)} as {query}"

    def create(self, parts: tuple[Part, ...] = ()) -> list[str]:
        comments = alter_column_comments(self.ref, None, self.column_comments)
        return [self._create("create view"), *comments, *self.alter_column_defaults(None)]

    def alter_column_defaults(self, old: View | None) -> list[str]:
        was = old.column_defaults if old else None
        return _columns.change_defaults(was, self.column_defaults, f"alter view {self.ref}")

    def alter_columns(self, old: View) -> list[str] | None:
        # CREATE OR REPLACE VIEW may only add columns at the end
        return [] if self.columns[: len(old.columns)] == old.columns else None

    def alter_definition(self, old: View) -> list[str]:
        return [self._create("create or replace view")]

    def dress(self, creator: str, born: tuple[acl.Item, ...] | None) -> list[str]:
        return super().dress(creator, born) + self._remake_column_grants(None)

    def alter_grants(self, old: View) -> list[str]:
        # a REVOKE on the whole takes the columns' grants along
        return super().alter_grants(old) + self._remake_column_grants(old.column_grants)

    def _remake_column_grants(self, old: _columns.Grants) -> list[str]:
        target, owner = self.acl_target, self.acl_owner
        return _columns.change_grants(old, None, target, owner) + _columns.change_grants(
            None, self.column_grants, target, owner
        )

    def alter_column_grants(self, old: View) -> list[str]:
        if self.grants != old.grants or self.owner != old.owner:
            return []  # made anew already
        return _columns.change_grants(
            old.column_grants, self.column_grants, self.acl_target, self.acl_owner
        )

    def alter_options(self, old: View) -> list[str]:
        return alter_options("view", self.ref, old.options, self.options)

    def alter_column_comments(self, old: View) -> list[str]:
        return alter_column_comments(self.ref, old.column_comments, self.column_comments)
