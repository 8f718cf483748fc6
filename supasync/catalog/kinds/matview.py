from __future__ import annotations

from dataclasses import dataclass

from supasync.catalog.hazards import Hazard, long_lock
from supasync.catalog.kinds import _columns
from supasync.catalog.kinds._column_alters import STORAGE
from supasync.catalog.kinds._relation import (
    ACCESS_METHOD,
    OPTIONS,
    alter_options,
    using,
    view_aliases,
    with_options,
)
from supasync.catalog.object import Part, Query, read, reparsed
from supasync.sql import ident


@dataclass(frozen=True, kw_only=True)
class MaterializedView(_columns.Selection):
    label = "MATERIALIZED VIEW"
    query = Query(
        catalog="pg_class",
        sort="m",
        tables=f"pg_class c join namespace n on n.oid = c.relnamespace {ACCESS_METHOD}",
        where="c.relkind = 'm'",
        oid="c.oid",
        path="n.nspname, c.relname",
        schema="n",
        owner="c.relowner",
        acl="c.relacl",
        acl_type="'r'",
        aliases=view_aliases("m"),
    )
    access_method: str = read("am.amname")
    options: tuple[str, ...] | None = read(OPTIONS)
    definition: str = reparsed("pg_get_viewdef(c.oid)")
    column_statistics: tuple[tuple[str, int], ...] | None = read(_columns.STATISTICS)

    column_storage: _columns.Pairs = read(_columns.STORAGE)

    def create(self, parts: tuple[Part, ...] = ()) -> list[str]:
        query = self.definition.strip().removesuffix(";")
        how = using(self.access_method) + with_options(self.options)
        created = [f"create materialized view {self.ref}{how} as {query} with no data"]
        return created + self.alter_column_statistics(None) + self._set_storage()

    def _set_storage(self) -> list[str]:
        return [
            f"alter materialized view {self.ref} alter column {ident(name)} "
            f"set storage {STORAGE[letter]}"
            for name, letter in self.column_storage or ()
        ]

    def costs(
        self, how: str, old: MaterializedView | None, parts: tuple[Part, ...]
    ) -> list[Hazard]:
        return [long_lock(self.title)] if how == "create" else []

    def alter_column_storage(self, old: MaterializedView) -> list[str] | None:
        was, now = dict(old.column_storage or ()), dict(self.column_storage or ())
        return self._set_storage() if was.keys() <= now.keys() else None

    def alter_column_statistics(self, old: MaterializedView | None) -> list[str]:
        was = old.column_statistics if old else None
        return _columns.change_statistics(
            was, self.column_statistics, f"alter materialized view {self.ref}"
        )

    def finish(self) -> list[str]:
        # an unpopulated one answers every query with an error; what it calls exists by now
        return [f"refresh materialized view {self.ref}"]

    def alter_access_method(self, old: MaterializedView) -> list[str]:
        method = ident(self.access_method)
        return [f"alter materialized view {self.ref} set access method {method}"]

    def alter_options(self, old: MaterializedView) -> list[str]:
        return alter_options("materialized view", self.ref, old.options, self.options)
