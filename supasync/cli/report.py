"""`supasync report`: the state of the branches as a file to look at."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from supasync.cli import options, session
from supasync.cli.checking import checking
from supasync.cli.running import finish
from supasync.cli.screen import Screen, for_programs
from supasync.errors import UsageError

if TYPE_CHECKING:
    from supasync.report.html import Picture

_CODES = {"Synced": 0, "OutOfSync": 1}


def report(
    names: options.Names = None,
    *,
    html: Annotated[
        Path, typer.Option("--html", metavar="FILE", help="The file to write; - is stdout.")
    ],
    witness: options.Witness = False,
    hard: options.Hard = False,
    config: options.ConfigFile = None,
    debug: options.Debug = False,
) -> None:
    """Write one HTML file: status, schemas side by side, the tables that differ, rights, and past
    syncs. It loads nothing and runs nothing. Writes to no database.

    Exit code 0: all in sync, 1: some are not, 2: wrong usage, 3: could not know of some.
    """
    screen = Screen(as_json=False, debug=debug)

    async def work() -> int:
        _needs_jinja()
        from supasync.checks import picture
        from supasync.report.html import render
        from supasync.settings import Settings
        from supasync.sync.context import Options

        chosen = Options(dry_run=True, hard=hard, witness=witness)
        async with checking(screen, config, names, chosen, whole=False) as (shared, targets):
            settings = Settings.from_env(os.environ, config=config)
            known = session.open_history(screen, shared.config, settings)
            found = await picture.look(shared, targets, known)
        _put(render(found), html)
        return _code(found)

    finish(screen, work)


def _code(found: Picture) -> int:
    return max((_CODES.get(branch.verdict, 3) for branch in found.branches), default=0)


def _needs_jinja() -> None:
    from importlib.util import find_spec

    if find_spec("jinja2") is None:
        raise UsageError(
            "A report needs Jinja, which is not installed",
            remedy="Install it: pip install 'supasync[report]'",
        )


def _put(text: str, file: Path) -> None:
    if str(file) == "-":
        for_programs()
        sys.stdout.write(text)
        return
    from supasync import files

    try:
        files.replace(file, text.encode())
    except OSError as error:
        raise UsageError(f"{file} cannot be written: {error.strerror}") from None
