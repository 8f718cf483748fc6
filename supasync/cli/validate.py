"""`supasync validate`: every health check, and nothing green that was not found out."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, get_args

import typer

from supasync.cli import options
from supasync.cli.checking import checking
from supasync.cli.running import finish
from supasync.cli.screen import Screen, for_programs
from supasync.errors import UsageError

if TYPE_CHECKING:
    from supasync.events import Validation
    from supasync.sync.context import Options

Format = Literal["text", "json", "github", "junit", "sarif", "markdown", "gitlab"]
Form = Annotated[
    Format,
    typer.Option(
        "--format",
        help="github: annotations. gitlab: Code Quality. The others as they are called.",
    ),
]
Write = Annotated[
    list[str] | None,
    typer.Option(
        metavar="FORMAT=FILE",
        help="Write a file in this format too, such as junit=report.xml; may be repeated.",
        show_default=False,
    ),
]


def validate(
    names: options.Names = None,
    *,
    form: Form = "text",
    write: Write = None,
    as_json: options.Json = False,
    details: Annotated[
        bool, typer.Option("--details", help="Also show what passed, and the evidence.")
    ] = False,
    witness: Annotated[
        bool,
        typer.Option(
            "--witness/--no-witness", help="Of what is equal, ask the platform's own diff too."
        ),
    ] = True,
    hard: options.Hard = False,
    config: options.ConfigFile = None,
    debug: options.Debug = False,
) -> None:
    """Check production and the branches: schema, access, seed, test users, services and more.

    Exit code 0: all is well, 1: something is wrong, 2: wrong usage, 3: nothing is wrong as far as
    could be found out, but something could not be, 4: production was named, 7: a seed file cannot
    be read or parsed.
    docs/how-to/validation.md tells what each check proves.
    """
    screen = Screen(as_json=as_json or form == "json", debug=debug)

    async def work() -> int:
        if as_json and form not in {"text", "json"}:
            raise UsageError(
                f"--json and --format {form} cannot go together", remedy="Leave one of them out."
            )
        from supasync.sync.context import Options

        files = _files(write or ())
        chosen = Options(dry_run=True, witness=witness, hard=hard)
        found = await validation(screen, config, names, chosen)
        show(screen, found, form, details=details)
        _write(found, files)
        return found.exit_code

    finish(screen, work)


def _files(given: Sequence[str]) -> list[tuple[str, Path]]:
    """(format, file) of each. Raises: UsageError."""
    known = [name for name in get_args(Format) if name != "text"]
    found = []
    for each in given:
        form, _, file = each.partition("=")
        if form not in known or not file or not Path(file).parent.is_dir():
            raise UsageError(
                f"--write {each} is no format and a file in a folder that is there",
                remedy=f"Write it as FORMAT=FILE; formats are {', '.join(known)}.",
            )
        found.append((form, Path(file)))
    return found


def _write(found: Validation, files: Sequence[tuple[str, Path]]) -> None:
    """Raises: UsageError."""
    for form, file in files:
        try:
            file.write_text(_rendered(found, form), encoding="utf-8")
        except OSError as error:
            raise UsageError(
                f"{file} cannot be written: {error.strerror}", remedy="Name another file."
            ) from error


def _rendered(found: Validation, form: str) -> str:
    from importlib import import_module

    if form == "json":
        return json.dumps(found.to_json(), indent=2, ensure_ascii=False, default=str) + "\n"
    return str(import_module(f"supasync.report.{form}").render(found))


async def validation(
    screen: Screen, file: options.ConfigFile, names: list[str] | None, chosen: Options
) -> Validation:
    """Raises: SupasyncError for what is wrong before the first check."""
    from supasync import checks

    async with checking(screen, file, names, chosen, whole=True) as (shared, targets):
        return await checks.validate(shared, targets)


def show(screen: Screen, found: Validation, form: str, *, details: bool) -> None:
    """form: one of Format."""
    if screen.as_json:
        screen.show(found.to_json(), lambda _: None)
        return
    if form != "text":
        for_programs()
        sys.stdout.write(_rendered(found, form))
        return
    from supasync.report.validation import notes, write

    for note in notes(found):
        screen.tell(note)
    write(found, sys.stdout, details=details)
