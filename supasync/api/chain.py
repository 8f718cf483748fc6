"""The log's lines and what belongs to them, as they are on disk.

A line is one JSON object, and has the hash of the line before. Of a statement it has the digest of
its template and the values in it; the template's text is a file `<log>.d/<digest>.sql`. How far the
log goes is noted in `<log>.d/head.json`, so that a cut end shows.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Self

from supasync import files

GENESIS = "0" * 64
"""`prev` of the first line."""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One statement, noted before it was sent.

    at: UTC, ISO 8601. project: production's ref. query: which of the engine's queries it is, by
    name; engine: of which engine. sha256: of the statement; template: of its template.
    """

    at: str
    project: str
    query: str
    engine: str
    sha256: str
    template: str
    values: tuple[str, ...]
    prev: str

    @property
    def hash(self) -> str:
        return sha256(json.dumps(asdict(self)))

    @property
    def line(self) -> bytes:
        return json.dumps(asdict(self) | {"hash": self.hash}).encode() + b"\n"

    @classmethod
    def read(cls, line: bytes) -> Self | None:
        """None when it is no line of this log. Whether its hash is right is not looked at."""
        try:
            found = json.loads(line)
        except ValueError:
            return None
        names = {field.name for field in fields(cls)} | {"hash"}
        if not isinstance(found, dict) or set(found) != names or not line.endswith(b"\n"):
            return None
        del found["hash"]
        values = found.pop("values")
        if not isinstance(values, list):
            return None
        if not all(isinstance(text, str) for text in (*found.values(), *values)):
            return None
        return cls(**found, values=tuple(values))


@dataclass(frozen=True, kw_only=True)
class Head:
    """How far a log goes. hash: the last line's."""

    entries: int = 0
    hash: str = GENESIS


def read_head(log: Path) -> Head | None:
    """None when there is none that can be read."""
    try:
        found = json.loads(_head_file(log).read_bytes())
        return Head(entries=int(found["entries"]), hash=str(found["hash"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def write_head(log: Path, head: Head) -> None:
    """Raises: OSError."""
    files.replace(_head_file(log), json.dumps(asdict(head)).encode() + b"\n")


def read_template(log: Path, digest: str) -> str | None:
    """None when it is missing, or not the text with this digest."""
    try:
        text = _template_file(log, digest).read_bytes().decode()
    except (OSError, ValueError):
        return None
    return text if sha256(text) == digest else None


def keep_template(log: Path, text: str) -> str:
    """Its digest. Raises: OSError."""
    digest = sha256(text)
    file = _template_file(log, digest)
    if not file.exists():
        files.make_folder(file.parent)
        files.replace(file, text.encode())
    return digest


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _folder(log: Path) -> Path:
    return log.with_name(log.name + ".d")


def _head_file(log: Path) -> Path:
    return _folder(log) / "head.json"


def _template_file(log: Path, digest: str) -> Path:
    return _folder(log) / f"{digest}.sql"
