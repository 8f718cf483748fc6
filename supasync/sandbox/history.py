"""The migration history, supabase_migrations.schema_migrations: branches are built from it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from typing import Any, Final

import psycopg
from psycopg.rows import scalar_row

from supasync.sandbox.project import Project
from supasync.sandbox.sqlapi.run import READ_WRITE
from supasync.sandbox.sqlapi.session import Connection, failure, session

# The CLI's table with the platform's three later columns. A fresh project has neither, and one that
# the CLI made first has only its own.
TABLE: Final = """
create schema if not exists supabase_migrations;
create table if not exists supabase_migrations.schema_migrations (version text primary key);
alter table supabase_migrations.schema_migrations
  add column if not exists statements text[],
  add column if not exists name text,
  add column if not exists created_by text,
  add column if not exists idempotency_key text unique,
  add column if not exists rollback text[]
"""
ROWS: Final = """
select to_jsonb(row) from supabase_migrations.schema_migrations as row order by version
"""
INSERT: Final = """
insert into supabase_migrations.schema_migrations
  (version, statements, name, created_by, idempotency_key, rollback)
values (%(version)s, %(statements)s, %(name)s, %(created_by)s, %(idempotency_key)s, %(rollback)s)
"""
RECORD: Final = (
    INSERT
    + """on conflict (version) do update
  set statements = excluded.statements, name = excluded.name, rollback = excluded.rollback
"""
)
UPDATE: Final = """
update supabase_migrations.schema_migrations
set name = %(name)s, rollback = %(rollback)s where version = %(version)s
"""
DELETE: Final = "delete from supabase_migrations.schema_migrations where version = %s"
# Two that are recorded at the same time get different versions.
LOCK: Final = "select pg_advisory_lock(hashtext('supabase_migrations'))"
NUMBERED: Final = 18
"""Digits of the longest version that another is numbered after."""


@dataclass(frozen=True, kw_only=True)
class Migration:
    """A row. version: "" is the next one. statements: None when it was only marked as applied, and
    nobody knows its text."""

    version: str = ""
    statements: list[str] | None = None
    name: str | None = None
    created_by: str | None = None
    idempotency_key: str | None = None
    rollback: list[str] | None = None

    @property
    def order(self) -> tuple[int, str]:
        """Versions are compared as numbers, of any length."""
        return number(self.version)


def number(version: str) -> tuple[int, str]:
    """A key that orders versions as the numbers they are."""
    digits = version.lstrip("0")
    return len(digits), digits


async def rows(project: Project) -> list[Migration]:
    """All of them, oldest first; none where there is no history yet. Raises: Failure."""
    async with session(project, READ_WRITE) as connection:
        return await _rows(connection)


async def apply(project: Project, migration: Migration) -> None:
    """Run its statements and record it, in one transaction.

    A migration whose idempotency key is recorded already is left alone.
    Raises: Failure, with nothing done.
    """
    async with _writing(project) as connection:
        known = await _rows(connection)
        if migration.idempotency_key in {row.idempotency_key for row in known} - {None}:
            return
        async with connection.transaction():
            for statement in migration.statements or ():
                await _execute(connection, statement)
            # A migration may leave its own search_path or role behind.
            await connection.execute("reset all; reset role")
            await connection.execute(INSERT, vars(_numbered(migration, known)))


async def record(project: Project, migration: Migration) -> None:
    """Record without running; a row of that version, or of that idempotency key, is replaced.

    Raises: Failure.
    """
    async with _writing(project) as connection:
        known = await _rows(connection)
        key = migration.idempotency_key
        same = [row.version for row in known if key and row.idempotency_key == key]
        if same:
            migration = replace(migration, version=same[0])
        await connection.execute(RECORD, vars(_numbered(migration, known)))


async def update(project: Project, migration: Migration) -> None:
    """Change the name and the rollback of a row. Raises: Failure."""
    async with _writing(project) as connection:
        await connection.execute(UPDATE, vars(migration))


async def roll_back(project: Project, version: str) -> None:
    """Undo the migrations from `version` on, newest first, and forget them, in one transaction.

    One that has no rollback is only forgotten. Raises: Failure, with nothing done.
    """
    async with _writing(project) as connection:
        undone = [row for row in await _rows(connection) if row.order >= number(version)]
        async with connection.transaction():
            for row in sorted(undone, key=lambda row: row.order, reverse=True):
                for statement in row.rollback or ():
                    await _execute(connection, statement)
                await connection.execute("reset all; reset role")
                await connection.execute(DELETE, [row.version])


@asynccontextmanager
async def _writing(project: Project) -> AsyncIterator[Connection]:
    """A connection that has the table, and has it for itself."""
    async with session(project, READ_WRITE) as connection:
        await connection.execute(LOCK)
        await connection.execute(TABLE.encode())
        yield connection


async def _rows(connection: Connection) -> list[Migration]:
    async with connection.cursor(row_factory=scalar_row) as cursor:
        await cursor.execute("select to_regclass('supabase_migrations.schema_migrations')::text")
        if await cursor.fetchone() is None:
            return []
        await cursor.execute(ROWS.encode())
        return [_migration(row) for row in await cursor.fetchall()]


def _migration(row: dict[str, Any]) -> Migration:
    return Migration(
        **{each.name: row[each.name] for each in fields(Migration) if each.name in row}
    )


def _numbered(migration: Migration, known: list[Migration]) -> Migration:
    """UTC to the second, as the platform numbers migrations; later than all there are."""
    if migration.version:
        return migration
    version = datetime.now(UTC).strftime("%Y%m%d%H%M%S")
    digits = [row.version for row in known if row.version.isascii() and row.version.isdigit()]
    newest = max((int(each) for each in digits if len(each) <= NUMBERED), default=0)
    return replace(migration, version=max(version, str(newest + 1), key=number))


async def _execute(connection: Connection, text: str) -> None:
    try:
        async with connection.cursor() as cursor:
            await cursor.execute(text.replace("\0", "").encode())
    except psycopg.Error as error:
        raise failure(error, text) from error
