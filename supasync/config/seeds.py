"""Which files `[seed] paths` means."""

from __future__ import annotations

import glob
from pathlib import Path

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


def _nothing(file: Path, index: int, pattern: str) -> ConfigError:
    return source.read(file).error(
        ("seed", "paths", index),
        f"{pattern} matches no file",
        f"Correct the path, which is relative to {file.parent}, or remove it.",
    )
