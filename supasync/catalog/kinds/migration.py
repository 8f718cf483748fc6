from __future__ import annotations

from dataclasses import dataclass

from supasync.catalog.gathered import gathered
from supasync.catalog.object import Object, Part, Query, read
from supasync.sql import dollar, literal, text_array

_TABLE = "supabase_migrations.schema_migrations"
# what a table of an older project has no column for reads as null
_GATHER = f"""select json_agg(json_build_object('version', m.r->'version', 'name', m.r->'name',
  'statements', m.r->'statements', 'rollback', m.r->'rollback', 'by', m.r->'created_by',
  'key', m.r->'idempotency_key') order by m.r->>'version' collate "C")
from (select to_jsonb(t) as r from {_TABLE} t offset 0) m"""

_COLUMNS = ("name", "statements", "rollback", "created_by", "idempotency_key")
_WANTED = ", ".join(
    f"('{name}', '{type_}')"
    for name, type_ in (
        ("statements", "text[]"),
        ("name", "text"),
        ("created_by", "text"),
        ("idempotency_key", "text unique"),
        ("rollback", "text[]"),
    )
)
_MADE = dollar(f"""
declare wanted record;
begin
  if to_regclass('{_TABLE}') is null then
    create schema if not exists supabase_migrations;
    create table {_TABLE} (version text not null primary key);
  end if;
  for wanted in select * from (values {_WANTED}) w(name, type) loop
    if not exists (select from pg_attribute a where a.attrelid = to_regclass('{_TABLE}')
        and a.attname = wanted.name and not a.attisdropped) then
      execute format('alter table {_TABLE} add column %I %s', wanted.name, wanted.type);
    end if;
  end loop;
end""")
"""The body of a DO: the table is there, with the columns that the platform gives it now."""


@dataclass(frozen=True, kw_only=True)
class Migration(Object):
    """A row of the migration history. Path: its version.

    It says which migrations a schema is made of, and so belongs to the schema: what runs
    migrations (supabase/cli, the platform's own runs) goes by it.
    """

    label = "MIGRATION"
    in_dumps = False
    query = Query(
        catalog=_TABLE,
        tables=gathered(
            "migration",
            "version text, name text, statements json, rollback json, by text, key text",
        ),
        gather=_GATHER,
        gather_from=_TABLE,
        oid="(hashtext(g.version)::int8 & 4294967295)::oid",
        path="g.version",
    )
    name: str | None = read("g.name")
    statements: tuple[str, ...] | None = read("g.statements")
    """None when it was only marked as applied, and nobody knows what it did."""
    rollback: tuple[str, ...] | None = read("g.rollback")
    created_by: str | None = read("g.by")
    idempotency_key: str | None = read("g.key")
    """Unique, so that keys which change places do not come in place."""

    @property
    def title(self) -> str:
        return " ".join(filter(None, (self.label, self.path[0], self.name)))

    def _value(self, column: str) -> str:
        value = getattr(self, column)
        return text_array(value) if isinstance(value, tuple) else literal(value)

    def create(self, parts: tuple[Part, ...] = ()) -> list[str]:
        columns = [column for column in _COLUMNS if getattr(self, column) is not None]
        names = ", ".join(["version", *columns])
        values = ", ".join([literal(self.path[0]), *map(self._value, columns)])
        return [f"do {_MADE}", f"insert into {_TABLE} ({names}) values ({values})"]

    def drop(self) -> list[str]:
        return [f"delete from {_TABLE} where {self._this}"]

    @property
    def _this(self) -> str:
        return f"version = {literal(self.path[0])}"

    def _set(self, column: str) -> list[str]:
        change = f"update {_TABLE} set {column} = {self._value(column)} where {self._this}"
        return [f"do {_MADE}", change]

    def alter_name(self, old: Migration) -> list[str]:
        return self._set("name")

    def alter_statements(self, old: Migration) -> list[str]:
        return self._set("statements")

    def alter_rollback(self, old: Migration) -> list[str]:
        return self._set("rollback")

    def alter_created_by(self, old: Migration) -> list[str]:
        return self._set("created_by")
