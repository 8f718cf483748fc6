from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from supasync.catalog import rights
from supasync.catalog.kinds import _columns
from supasync.catalog.kinds._relation import (
    alter_options,
    view_aliases,
    with_options,
)
from supasync.catalog.object import Part, Query, read, reparsed
from supasync.catalog.rights import Right
from supasync.sql import ident, literal


@dataclass(frozen=True, kw_only=True)
class View(_columns.Selection):
    label = "VIEW"
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
        stub_uses="""
            select 'pg_class'::regclass::oid, a.attrelid, 0, 'pg_type'::regclass::oid, a.atttypid, 0
              from pg_attribute a join pg_class c on c.oid = a.attrelid
              where c.relkind = 'v' and a.attnum > 0
            union all
            select 'pg_class'::regclass::oid, a.attrelid, 0, 'pg_collation'::regclass::oid,
                a.attcollation, 0
              from pg_attribute a join pg_class c on c.oid = a.attrelid
              where c.relkind = 'v' and a.attnum > 0 and a.attcollation <> 0""",
    )
    columns: tuple[tuple[str, str, str], ...] = read(
        """(select json_agg(json_build_array(a.attname, format_type(a.atttypid, a.atttypmod),
            a.attcollation::regcollation::text) order by a.attnum)
          from pg_attribute a where a.attrelid = c.oid and a.attnum > 0)"""
    )
    options: tuple[str, ...] | None = read("c.reloptions")
    definition: str = reparsed("pg_get_viewdef(c.oid)")
    column_defaults: _columns.Pairs = reparsed(_columns.DEFAULTS)

    def _create(self, words: str) -> str:
        query = self.definition.strip().removesuffix(";")
        return f"{words} {self.ref}{with_options(self.options)} as {query}"

    def create(self, parts: tuple[Part, ...] = ()) -> list[str]:
        return [self._create("create view"), *self.alter_column_defaults(None)]

    def stub(self) -> View:
        columns = ", ".join(_null(*column) for column in self.columns or ())
        fails = literal(f"{self.title} is not complete yet") + "::text::boolean"
        query = f"select {columns} where {fails}"
        return replace(self, definition=query, options=None, column_defaults=None)

    def alter_column_defaults(self, old: View | None) -> list[str]:
        was = old.column_defaults if old else None
        return _columns.change_defaults(was, self.column_defaults, f"alter view {self.ref}")

    def alter_columns(self, old: View) -> list[str] | None:
        # CREATE OR REPLACE VIEW may only add columns at the end
        return [] if self.columns[: len(old.columns)] == old.columns else None

    def alter_definition(self, old: View) -> list[str]:
        return [self._create("create or replace view")]

    def widens(self, old: View | None, how: str) -> Iterable[str]:
        yield from super().widens(old, how)
        if old is not None and _is_on("security_invoker", old) > _is_on("security_invoker", self):
            yield "reads with its owner's rights"
        if old is not None and _is_on("security_barrier", old) > _is_on("security_barrier", self):
            yield "conditions of its users may see rows that it leaves out"

    def needs(self, old: View | None, verb: str) -> Iterable[Right]:
        yield from super().needs(old, verb)
        if old is not None and old.definition != self.definition:
            yield rights.creates_in(self.path[0])  # CREATE OR REPLACE asks for it too

    def alter_options(self, old: View) -> list[str]:
        if self.definition != old.definition:
            return []  # CREATE OR REPLACE has set them all, and some need the new definition
        return alter_options("view", self.ref, old.options, self.options)


def _is_on(option: str, view: View) -> bool:
    values = dict(text.split("=", 1) for text in view.options or ())
    return values.get(option, "false") in ("true", "on", "yes", "1")


def _null(name: str, type_: str, collation: str) -> str:
    collated = "" if collation == "-" else f" collate {collation}"
    return f"null::{type_}{collated} as {ident(name)}"
