"""Every statement sent to production, in a log that shows when it was altered.

What is none of the engine's own queries is refused, what cannot be noted is not sent: the log is
written below every client, once for each time that a statement is sent.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from supasync import files
from supasync.api.chain import Entry, Head, keep_template, read_head, sha256, write_head
from supasync.errors import ProductionGuard, UsageError
from supasync.sql import Statement

Understand = Callable[[str], Statement | None]
"""Which of the engine's queries a text is; None when it is none."""


class AuditLog:
    """Appends statements to a log. It is a `Callable[[str], None]`, as Client takes one.

    Several processes may write to one log.
    Raises: ProductionGuard when the statement is none of the engine's; UsageError when the log
    cannot be written or its end is damaged or cut.
    """

    def __init__(self, path: Path, *, project: str, engine: str, understand: Understand) -> None:
        self.path = path
        self._project, self._engine, self._understand = project, engine, understand

    def __call__(self, sql: str) -> None:
        statement = self._understand(sql)
        if statement is None:
            raise ProductionGuard(
                "A statement for production is none of supasync's own queries; it was not sent.",
                remedy="This should not happen: report it, with the command and its output.",
            )
        try:
            files.make_folder(self.path.parent)
            template = keep_template(self.path, statement.template)
            with _appending(self.path) as log:
                head = _end(log, self.path)
                entry = Entry(
                    at=datetime.now(UTC).isoformat(timespec="milliseconds"),
                    project=self._project,
                    query=statement.query,
                    engine=self._engine,
                    sha256=sha256(sql),
                    template=template,
                    values=statement.values,
                    prev=head.hash,
                )
                files.append(log.fileno(), entry.line)
                os.fsync(log.fileno())
                write_head(self.path, Head(entries=head.entries + 1, hash=entry.hash))
        except OSError as error:
            raise UsageError(
                f"The audit log {self.path} cannot be written: {error.strerror}.",
                remedy="Make its folder writable; production is not read without the log.",
            ) from error


def _end(log: IO[bytes], path: Path) -> Head:
    """How far the log goes. A process that was killed may have written a line and not the head.

    Raises: UsageError.
    """
    noted, line = read_head(path), _last_line(log)
    if noted is None and not line:
        return Head()
    entry = Entry.read(line) if line else None
    if noted is not None and entry is not None and line == entry.line:
        if entry.hash == noted.hash:
            return noted
        if entry.prev == noted.hash:
            return Head(entries=noted.entries + 1, hash=entry.hash)
    raise UsageError(
        f"The audit log {path} has a damaged end: it was altered, or cut.",
        remedy="See `supasync audit verify`. Keep the log and its folder as evidence under other "
        "names; the next run starts a new log.",
    )


def _last_line(log: IO[bytes]) -> bytes:
    """With its line end; empty when there is no line."""
    size = log.seek(0, os.SEEK_END)
    tail, step = b"", 4096
    while b"\n" not in tail[:-1] and len(tail) < size:
        log.seek(max(0, size - step))
        tail, step = log.read(), step * 4
    return tail[:-1].rpartition(b"\n")[2] + tail[-1:]


@contextmanager
def _appending(path: Path) -> Iterator[IO[bytes]]:
    """The log, opened for reading and appending, locked against other processes."""
    with os.fdopen(files.open_to_append(path), "r+b") as log:
        _lock(log.fileno())  # released when the file is closed
        yield log


if sys.platform == "win32":
    import msvcrt

    def _lock(handle: int) -> None:
        os.lseek(handle, 0, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_LOCK, 1)
else:
    import fcntl

    def _lock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX)
