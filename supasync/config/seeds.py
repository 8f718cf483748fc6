"""Which files `[seed] paths` means."""

from __future__ import annotations

import glob
import hashlib
import os
from collections.abc import Mapping
from pathlib import Path

from pydantic import SecretStr

from supasync.config import source
from supasync.config.model import Config
from supasync.errors import ConfigError


def matches(folder: Path, pattern: str) -> list[Path]:
    """The files of one glob (`**` for folders below), sorted by their path."""
    found = (folder / name for name in _glob(folder, pattern))
    return sorted(file for file in found if file.is_file())


def _glob(folder: Path, pattern: str) -> list[str]:
    # Path.glob takes neither absolute patterns nor `..`; `**` shall mean the same everywhere.
    return glob.glob(pattern, root_dir=folder, recursive=True)  # noqa: PTH207


def seed_files(config: Config, branch: str | None = None) -> tuple[Path, ...]:
    """The seed files in the order in which they run: as the paths are listed, by name inside a
    glob; a file that several match runs once, at its first place. branch: whose; None for all
    that have none of their own.

    Raises: ConfigError for a path that matches no file.
    """
    folder = config.file.parent
    files: dict[Path, None] = {}
    for index, pattern in enumerate((config.seed_of(branch) if branch else config.seed).paths):
        found = matches(folder, pattern)
        if not found:
            raise _nothing(config.file, index, pattern)
        files.update(dict.fromkeys(found))
    return tuple(files)


def seed_digest(config: Config, branch: str) -> str:
    """Identifies a branch's seed as it is configured and in its files, also one that cannot be
    used; but for the values of its variables."""
    seed, given = config.seed_of(branch), sorted(config.seed_values)
    found = hashlib.sha256(repr((config.seed, seed, given)).encode())
    try:
        for pattern in seed.paths:
            for file in matches(config.file.parent, pattern):
                found.update(os.fsencode(f"\0{file.name}\0"))
                with file.open("rb") as text:
                    found.update(hashlib.file_digest(text, "sha256").digest())
    except OSError as error:
        found.update(f"{error}".encode(errors="surrogateescape"))
    return found.hexdigest()[:16]


def seed_variables(config: Config) -> Mapping[str, SecretStr]:
    """The variables that seed files may use, by name. Raises: ConfigError for one without value."""
    for index, name in enumerate(config.seed.variables):
        if name not in config.seed_values:
            raise config.error(
                ("seed", "variables", index),
                f"the environment variable {name} is not set, or is empty",
                f"Set {name} in the environment, or in a .env file beside {config.file.name}.",
            )
    return config.seed_values


def seed_tables(config: Config) -> Mapping[Path, str]:
    """Whose rows a file has, as `[seed.tables]` says; by the file. Raises: ConfigError."""
    found: dict[Path, str] = {}
    for pattern, table in config.seed.tables.items():
        files = matches(config.file.parent, pattern)
        if not files:
            at = ("seed", "tables", pattern)
            raise config.error(
                at,
                "matches no file",
                f"Correct the path, which is relative to {config.file.parent}, or remove it.",
            )
        found.update(dict.fromkeys(files, table))
    return found


def _nothing(file: Path, index: int, pattern: str) -> ConfigError:
    return source.read(file).error(
        ("seed", "paths", index),
        f"{pattern} matches no file",
        f"Correct the path, which is relative to {file.parent}, or remove it.",
    )
