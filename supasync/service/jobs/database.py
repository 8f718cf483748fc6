"""Where jobs are kept: an SQLite file of this machine's own, or PostgreSQL for several machines."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import sqlalchemy

from supasync import files
from supasync.errors import SupasyncError, UnknownError

SCHEMA = "supasync_jobs"

_LOCK = 7_461_283_905
"""Of PostgreSQL: one process at a time makes tables. Any number that nobody else takes."""


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where jobs are kept. url: of PostgreSQL; None for `file`. name: of this process, unique
    among those that share the database and the same after a restart."""

    file: Path
    name: str
    url: str | None = None

    def unusable(self, error: Exception) -> SupasyncError:
        where = "the database of [serve] database_url" if self.url else str(self.file)
        return UnknownError(
            f"The jobs cannot be kept in {where}: {type(error).__name__}",
            remedy="See that it can be reached and written, or name another one.",
        )


def make_file(place: Place) -> None:
    """Readable by its owner alone. Raises: UnknownError."""
    try:
        files.make_folder(place.file.parent)
        os.close(files.open_to_append(place.file))
    except OSError as error:
        raise place.unusable(error) from error


def sqlite(file: Path, synchronous: Literal["NORMAL", "FULL"]) -> sqlalchemy.Engine:
    """With a write-ahead log. synchronous: FULL waits at each commit until the disk has it and all
    that was committed before; NORMAL may lose the last commits when the power fails
    (https://sqlite.org/pragma.html#pragma_synchronous)."""
    engine = sqlalchemy.create_engine(f"sqlite:///{file}")
    pragmas = ("busy_timeout=30000", "journal_mode=WAL", f"synchronous={synchronous}")

    @sqlalchemy.event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: object) -> None:
        connection.isolation_level = "IMMEDIATE"
        for pragma in (*pragmas, "foreign_keys=ON"):
            connection.execute(f"pragma {pragma}")

    return engine


def postgres(url: str) -> sqlalchemy.Engine:
    parsed = sqlalchemy.make_url(url).set(drivername="postgresql+psycopg")
    return sqlalchemy.create_engine(parsed, pool_size=2, max_overflow=0, pool_pre_ping=True)


def make(connection: sqlalchemy.Connection, tables: sqlalchemy.MetaData) -> None:
    """Those that are not there yet."""
    if connection.dialect.name == "postgresql":
        connection.execute(sqlalchemy.select(sqlalchemy.func.pg_advisory_xact_lock(_LOCK)))
    tables.create_all(connection)
