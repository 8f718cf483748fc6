"""Every statement sent to production, in a log that shows when it was altered.

One JSON object per line: {at, sha256, sql, prev, hash}. `hash` is over the other four, `prev`
the hash of the line before. A text longer than INLINE_BYTES is kept once, as
`<log>.d/<sha256>.sql`; its lines carry its first line only. A chain cannot show that its end was
cut off: note `verify(path).head` elsewhere to be able to.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from supasync.errors import UsageError

INLINE_BYTES = 1000
GENESIS = "0" * 64
_FIELDS = ("at", "sha256", "sql", "prev")


@dataclass(frozen=True)
class Verification:
    """entries: good lines from the start. head: the last good line's hash (GENESIS when none).
    problem: what is wrong with the line after them; None when the whole log is good."""

    entries: int
    head: str
    problem: str | None = None


class AuditLog:
    """Appends statements to a log. It is a `Callable[[str], None]`, as Client takes one.

    Several processes may write to one log. Raises: UsageError when it cannot be written or its
    last line is damaged: what cannot be logged is not sent.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def __call__(self, sql: str) -> None:
        content = sql.encode("utf-8", "surrogatepass")
        digest = hashlib.sha256(content).hexdigest()
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            if len(content) > INLINE_BYTES:
                _keep(_content_file(self.path, digest), content)
                sql = content.decode("utf-8", "replace").strip().partition("\n")[0][:200]
            with _appending(self.path) as log:
                entry = {
                    "at": datetime.now(UTC).isoformat(timespec="milliseconds"),
                    "sha256": digest,
                    "sql": sql,
                    "prev": _last_hash(log, self.path),
                }
                line = json.dumps(entry | {"hash": _hash(entry)}) + "\n"
                log.seek(0, os.SEEK_END)
                log.write(line.encode())
                log.flush()
                os.fsync(log.fileno())
        except OSError as error:
            raise UsageError(
                f"The audit log {self.path} cannot be written: {error.strerror}.",
                remedy="Make its folder writable; production is not read without the log.",
            ) from error


def verify(path: Path) -> Verification:
    """Check every line, the chain between them, and the kept texts. A missing log is empty."""
    entries, head = 0, GENESIS
    if not path.exists():
        return Verification(entries, head)
    with path.open("rb") as log:
        for line in log:
            problem = _problem(line, head, path)
            if problem is not None:
                return Verification(entries, head, f"line {entries + 1}: {problem}")
            head = str(json.loads(line)["hash"])
            entries += 1
    return Verification(entries, head)


def _problem(line: bytes, previous: str, path: Path) -> str | None:
    entry = _entry(line)
    if entry is None:
        return "is not an entry of this log"
    if entry["prev"] != previous:
        return "does not follow the line before: one was removed, added or moved"
    if entry["hash"] != _hash(entry):
        return "was altered"
    kept = _content_file(path, entry["sha256"])
    content = kept.read_bytes() if kept.exists() else entry["sql"].encode("utf-8", "surrogatepass")
    if hashlib.sha256(content).hexdigest() != entry["sha256"]:
        return f"its text {kept.name} is missing or was altered"
    return None


def _entry(line: bytes) -> dict[str, str] | None:
    try:
        entry = json.loads(line)
    except ValueError:
        return None
    whole = isinstance(entry, dict) and set(entry) == {*_FIELDS, "hash"} and line.endswith(b"\n")
    return entry if whole and all(isinstance(value, str) for value in entry.values()) else None


def _hash(entry: dict[str, str]) -> str:
    return hashlib.sha256(json.dumps([entry[name] for name in _FIELDS]).encode()).hexdigest()


def _content_file(path: Path, digest: str) -> Path:
    return path.with_name(path.name + ".d") / f"{digest}.sql"


def _keep(file: Path, content: bytes) -> None:
    """Write a text once, whole or not at all."""
    if file.exists():
        return
    file.parent.mkdir(mode=0o700, exist_ok=True)
    part = file.with_suffix(f".{os.getpid()}.part")
    part.write_bytes(content)
    part.replace(file)


def _last_hash(log: IO[bytes], path: Path) -> str:
    size = log.seek(0, os.SEEK_END)
    if size == 0:
        return GENESIS
    tail, step = b"", 4096
    while b"\n" not in tail[:-1] and len(tail) < size:
        log.seek(max(0, size - step))
        tail, step = log.read(), step * 4
    entry = _entry(tail[:-1].rpartition(b"\n")[2] + tail[-1:])
    if entry is None:
        raise UsageError(
            f"The audit log {path} ends in a damaged line.",
            remedy="Keep it as evidence under another name; the next run starts a new log.",
        )
    return entry["hash"]


@contextmanager
def _appending(path: Path) -> Iterator[IO[bytes]]:
    """The log, opened for reading and appending, locked against other processes."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(handle, "r+b") as log:
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
