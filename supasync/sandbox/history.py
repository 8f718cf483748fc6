"""The migration history, supabase_migrations.schema_migrations: branches are built from it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

import psycopg
from psycopg.rows import class_row

from supasync.sandbox.project import Project
from supasync.sandbox.sqlapi.failure import Failure, from_result, not_connected

Connection = psycopg.AsyncConnection[tuple[object, ...]]

# The CLI's table with the platform's three later columns. A fresh project has neither.
TABLE: Final = """
create schema if not exists supabase_migrations;
create table if not exists supabase_migrations.schema_migrations (
  version text not null primary key,
  statements text[],
  name text,
  created_by text,
  idempotency_key text unique,
  rollback text[]
)
"""
INSERT: Final = """
insert into supabase_migrations.schema_migrations
  (version, statements, name, created_by, idempotency_key, rollback)
values (%s, %s, %s, %s, %s, %s)
"""
RECORD: Final = (
    INSERT
    + """on conflict (version) do update
  set statements = excluded.statements, name = excluded.name, rollback = excluded.rollback
"""
)


@dataclass(frozen=True, kw_only=True)
class Migration:
    """A row. statements: None when it was only marked as applied, and nobody knows its text."""

    version: str
    statements: list[str] | None = None
    name: str | None = None
    created_by: str | None = None
    idempotency_key: str | None = None
    rollback: list[str] | None = None

    @property
    def values(self) -> tuple[object, ...]:
        return (
            self.version,
            self.statements,
            self.name,
            self.created_by,
            self.idempotency_key,
            self.rollback,
        )


async def new_version(project: Project) -> str:
    """UTC to the second, as the platform numbers migrations; later than all there are."""
    version = datetime.now(UTC).strftime("%Y%m%d%H%M%S")
    newest = max((row.version for row in await rows(project) if row.version.isdigit()), default="0")
    return max(version, str(int(newest) + 1))


async def rows(project: Project) -> list[Migration]:
    """All of them, oldest first; none where there is no history yet."""
    async with _connected(project) as connection:
        return await _rows(connection)


@asynccontextmanager
async def _connected(project: Project) -> AsyncIterator[Connection]:
    try:
        connection = await project.connect("postgres")
    except psycopg.OperationalError as error:
        raise not_connected() from error
    async with connection:
        yield connection


async def _rows(connection: Connection) -> list[Migration]:
    async with connection.cursor(row_factory=class_row(Migration)) as cursor:
        await cursor.execute("select to_regclass('supabase_migrations.schema_migrations')::text")
        found = cursor.pgresult is not None and cursor.pgresult.get_value(0, 0)
        if not found:
            return []
        await cursor.execute(
            "select version, statements, name, created_by, idempotency_key, rollback"
            " from supabase_migrations.schema_migrations"
            " order by version"
        )
        return await cursor.fetchall()


async def apply(project: Project, migration: Migration) -> None:
    """Run its statements and record it, in one transaction.

    A migration whose idempotency key is recorded already is left alone.
    Raises: Failure, with nothing done.
    """
    async with _connected(project) as connection:
        if migration.idempotency_key and any(
            row.idempotency_key == migration.idempotency_key for row in await _rows(connection)
        ):
            return
        await _execute(connection, TABLE)
        async with connection.transaction():
            for statement in migration.statements or ():
                await _execute(connection, statement)
            # A migration may leave its own search_path or role behind.
            await connection.execute("reset all; reset role")
            await connection.execute(INSERT, migration.values)


async def record(project: Project, migration: Migration) -> None:
    """Record without running; a row of that version is replaced."""
    async with _connected(project) as connection:
        await _execute(connection, TABLE)
        await connection.execute(RECORD, migration.values)


async def _execute(connection: Connection, text: str) -> None:
    try:
        async with connection.cursor() as cursor:
            await cursor.execute(text.encode())
    except psycopg.Error as error:
        if error.pgresult is None:
            raise Failure(str(error)) from error
        raise from_result(error.pgresult, text) from error
