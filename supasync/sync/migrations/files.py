"""The folder with the migration files, as supabase/cli keeps it: `<version>_<name>.sql`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from supasync.errors import Refused, UsageError

if TYPE_CHECKING:
    from supasync.config import Config

_NAME = re.compile(r"([0-9]+)_(.*)\.sql\Z")
"""As supabase/cli has it (pkg/migration/file.go); it passes over other names."""


@dataclass(frozen=True, kw_only=True)
class File:
    version: str
    name: str
    path: Path
    text: str


@dataclass(frozen=True, kw_only=True)
class Folder:
    """files: oldest first. passed_over: names of SQL files that are no migrations."""

    path: Path
    files: tuple[File, ...]
    passed_over: tuple[str, ...] = ()


def place(config: Config, given: Path | None) -> Path:
    """Where the files are: as given, as configured, or where supabase/cli has them."""
    here = config.file.parent
    if given is not None:
        return given
    if config.migrations.folder is not None:
        return here / config.migrations.folder
    return here / "migrations" if config.official else here / "supabase" / "migrations"


def read(path: Path) -> Folder:
    """Raises: UsageError when there is no such folder, for a file that cannot be read, and for two
    files of one version."""
    try:
        found = sorted(file for file in path.iterdir() if file.suffix == ".sql" and file.is_file())
        matches = [(file, _NAME.match(file.name)) for file in found]
        files = tuple(
            File(version=m[1], name=m[2], path=file, text=file.read_text(encoding="utf-8"))
            for file, m in matches
            if m
        )
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        where = error.filename if isinstance(error, OSError) else path
        raise UsageError(
            f"The migrations in {path} cannot be read: {where}: {why}",
            remedy="Name the folder with --folder, or by folder in [migrations].",
        ) from error
    by_version: dict[str, File] = {}
    for file in files:
        _check_alone(file, by_version.setdefault(file.version, file))
    passed = tuple(file.name for file, match in matches if not match)
    return Folder(
        path=path, files=tuple(sorted(files, key=lambda f: f.version)), passed_over=passed
    )


def _check_alone(file: File, other: File) -> None:
    if file is not other:
        raise UsageError(
            f"{other.path.name} and {file.path.name} are of one version",
            remedy="Rename one of them: a version is recorded once.",
        )


def add(path: Path, name: str, text: str) -> Path:
    """Writes a new file. Raises: Refused when it is there already, UsageError."""
    file = path / name
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _not_written(path, error) from error
    try:
        with file.open("x", encoding="utf-8") as opened:
            opened.write(text)
    except FileExistsError as error:
        raise Refused(
            f"{file} is there already; it was not overwritten",
            remedy="Run the command again for a version of its own, or give another --name.",
        ) from error
    except OSError as error:
        raise _not_written(file, error) from error
    return file


def _not_written(place: Path, error: OSError) -> UsageError:
    return UsageError(
        f"{place} cannot be written: {error.strerror}",
        remedy="Name a folder that can be written with --folder.",
    )
