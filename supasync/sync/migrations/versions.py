"""One migration by all that is known of it: its file and its row of production's history."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from supasync.catalog import Scope, State
from supasync.catalog.kinds.migration import Migration
from supasync.catalog.model import Catalog
from supasync.ports import Database
from supasync.sync.migrations.files import File

KIND = Migration.kind


@dataclass(frozen=True, kw_only=True)
class Version:
    """row, file: None where there is none; one of them there is."""

    version: str
    row: Migration | None = None
    file: File | None = None

    @property
    def name(self) -> str:
        return (self.row and self.row.name) or (self.file.name if self.file else "")

    @property
    def statements(self) -> tuple[str, ...] | None:
        """What it does: as recorded, else as the file has it; None when nobody knows."""
        if self.row is not None and self.row.statements is not None:
            return self.row.statements
        return (self.file.text,) if self.file else None

    @property
    def changed(self) -> bool:
        """Whether its file does something else than what was recorded."""
        if self.file is None or self.row is None or self.row.statements is None:
            return False
        return _plain("\n;\n".join(self.row.statements)) != _plain(self.file.text)


async def read(main: Database, state: State, scope: Scope) -> Mapping[str, Migration]:
    """Production's history by version. state: production's.

    Raises: SourceMoved, SqlError, UnknownError.
    """
    catalog = Catalog(main, state, scope, is_source=True)
    await catalog.read(id_ for id_ in state.digests if id_[0] == KIND)
    return {row.path[0]: row for row in catalog.objects.values() if isinstance(row, Migration)}


def together(rows: Mapping[str, Migration], files: Iterable[File]) -> tuple[Version, ...]:
    """In the order in which they run."""
    by_version = {file.version: file for file in files}
    return tuple(
        Version(version=version, row=rows.get(version), file=by_version.get(version))
        for version in sorted(rows.keys() | by_version.keys())
    )


def _plain(text: str) -> str:
    """The text without what does not count: comments, blanks, empty statements, case."""
    try:
        # A native library: it is loaded late, and its stubs are of no use to a type checker.
        parser: Any = import_module("postgast")
    except (ImportError, OSError):
        return _words(text)
    try:
        return str(parser.deparse(parser.parse(text)))
    except parser.PgQueryError:
        return _words(text)


def _words(text: str) -> str:
    return " ".join(text.replace(";", " ").split())
