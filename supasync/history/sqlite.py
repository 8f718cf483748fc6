"""The history in a file beside the state, with a write-ahead log: readers and writers of several
processes do not wait for each other's reads, and a crash leaves the last whole transaction."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from supasync import files
from supasync.errors import UnknownError
from supasync.history.backend import Execute, Row, check_version, migrate, outdated

_BUSY_SECONDS = 15.0
_NUMBER = "integer primary key autoincrement"
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_BESIDE = ("-wal", "-shm")


class SetAside(UnknownError):
    """The history was damaged, and a new one is begun."""


class File:
    """See backend.Backend. `writing` raises SetAside for a damaged file, and can then be used."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self.where = str(file)

    @contextmanager
    def reading(self) -> Iterator[Execute | None]:
        if not self._file.exists():
            yield None
            return
        try:
            with self._connected() as execute:
                execute("begin")
                version = _version(execute)
                check_version(version, self.where)
                if outdated(version):
                    execute("rollback")
                    with self.writing():
                        pass
                    execute("begin")
                yield execute if version else None
        except (sqlite3.Error, OSError) as error:
            raise self._unusable(error) from error

    @contextmanager
    def writing(self) -> Iterator[Execute]:
        inode = 0
        try:
            inode = self._made()
            with self._connected() as execute:
                _use_log(execute)
                execute("begin immediate")
                version = _version(execute)
                check_version(version, self.where)
                migrate(execute, version, _NUMBER)
                yield execute
                execute("commit")
        except (sqlite3.Error, OSError) as error:
            if _damaged(error):
                raise self._set_aside(inode) from error
            raise self._unusable(error) from error

    def _made(self) -> int:
        """The inode of the file, which only its owner can read. Raises: OSError."""
        files.make_folder(self._file.parent)
        with contextlib.suppress(FileExistsError):
            # never an existing one: closing it would drop this process's locks on it
            os.close(os.open(self._file, os.O_CREAT | os.O_EXCL | os.O_RDWR, files.FILE_MODE))
        found = self._file.stat()
        if found.st_mode & 0o077:
            self._file.chmod(files.FILE_MODE)
        return found.st_ino

    def _set_aside(self, inode: int) -> UnknownError:
        """inode: of the damaged file; another process may have put a new one there by now."""
        aside = f"{self._file}.damaged-{time.strftime('%Y%m%dT%H%M%SZ', time.gmtime())}"
        try:
            if self._file.stat().st_ino == inode:
                for suffix in (*_BESIDE, ""):  # a new file never meets the old one's log
                    with contextlib.suppress(FileNotFoundError):
                        Path(f"{self._file}{suffix}").rename(aside + suffix)
        except OSError as error:
            return self._unusable(error)
        return SetAside(
            f"The history {self._file} was damaged: it was set aside as {Path(aside).name}, and a "
            "new one is begun",
        )

    @contextmanager
    def _connected(self) -> Iterator[Execute]:
        connection = sqlite3.connect(self._file, timeout=_BUSY_SECONDS, isolation_level=None)

        def execute(statement: str, parameters: Sequence[Any] = ()) -> list[Row]:
            return connection.execute(statement, parameters).fetchall()

        try:
            execute("pragma foreign_keys = on")
            yield execute
        finally:
            connection.close()  # what was not committed is rolled back

    def _unusable(self, error: Exception) -> UnknownError:
        remedy = "See that the file can be read and written, and that the disk has room."
        if _damaged(error):
            remedy = "The next sync sets it aside and begins a new one."
        return UnknownError(f"The history in {self.where} cannot be used: {error}", remedy=remedy)


def _use_log(execute: Execute) -> None:
    if execute("pragma journal_mode") == [("wal",)]:
        return
    with contextlib.suppress(sqlite3.OperationalError):  # another process is about to do it
        execute("pragma journal_mode = wal")


def _version(execute: Execute) -> int:
    if not execute("select 1 from sqlite_master where name = 'version'"):
        return 0
    [(version,)] = execute("select number from version")
    return int(version)


def _damaged(error: Exception) -> bool:
    code = getattr(error, "sqlite_errorcode", None)  # only SQLite's own errors have one
    return code is not None and code & 0xFF in _DAMAGED
