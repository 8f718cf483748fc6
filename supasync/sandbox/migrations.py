"""Migrations in files, as a project has them in supabase/migrations."""

from __future__ import annotations

import re
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Final

from supasync.errors import SandboxError
from supasync.sandbox.history import Migration

NAMED: Final = re.compile(r"(\d+)_(.*)\.sql")  # pkg/migration/list.go of the supabase CLI
EXAMPLE: Final = files("supasync.sandbox").joinpath("example", "migrations")


def in_folder(folder: Traversable) -> list[Migration]:
    """The files `<version>_<name>.sql`, by version; others are left out, as the CLI does.

    Raises: SandboxError when it cannot be read.
    """
    try:
        named = ((NAMED.fullmatch(file.name), file) for file in folder.iterdir())
        found = [
            Migration(version=name[1], name=name[2], statements=[file.read_text("utf-8")])
            for name, file in named
            if name is not None
        ]
    except (OSError, UnicodeDecodeError) as error:
        raise SandboxError(
            f"The migrations in {folder} cannot be read: {error}.",
            remedy="Name the folder of files such as 20260101120000_users.sql.",
        ) from error
    return sorted(found, key=lambda migration: migration.version)
