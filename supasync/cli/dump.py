"""`supasync schema dump`."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from supasync.cli import ends, options, session
from supasync.cli.running import finish
from supasync.cli.screen import Screen

if TYPE_CHECKING:
    from supasync.catalog import Dump


def dump(
    database: Annotated[str, typer.Argument(metavar="NAME|URL", help=options.END)],
    *,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", metavar="FILE", help="Write to FILE.", show_default="stdout"
        ),
    ] = None,
    split: Annotated[
        Path | None,
        typer.Option(
            "--split",
            metavar="DIR",
            help="Write a file for each object into DIR and remove those of objects that are "
            "gone. Files that are not from such a dump are left alone.",
        ),
    ] = None,
    scope: options.Scope = None,
    as_json: options.Json = False,
    config: options.ConfigFile = None,
    debug: options.Debug = False,
) -> None:
    """Write the whole schema as SQL, in an order in which it can be loaded."""
    from supasync.errors import UsageError

    screen = Screen(as_json=as_json, debug=debug)
    if output and split:
        error = UsageError("--output and --split exclude each other", remedy="Give one of them.")
        screen.error(error)
        raise typer.Exit(error.exit_code)

    async def work() -> int:
        asked = ends.Asked(names=(database,), scope=scope, config=config)
        name, found = await _read(screen, asked)
        if lacking := found.lacking:
            screen.tell(f"Warning: not in the dump: {lacking}")
        facts = {
            "command": "schema dump",
            "database": name,
            "scope": asked.scope_name,
            "fingerprint": found.state.fingerprint,
            "objects": len(found.state.digests),
            "unmodelled": dict(found.state.unmodelled),
        }
        _deliver(screen, found, facts, output=output, split=split)
        return 0

    finish(screen, work)


async def _read(screen: Screen, asked: ends.Asked) -> tuple[str, Dump]:
    """The database's name for people, and its dump."""
    from supasync import catalog
    from supasync.sync.context import Options
    from supasync.sync.dumping.dump import read_dump
    from supasync.sync.ends import check_name

    for name in asked.names:
        check_name(name)
    loaded, settings = ends.configuration(screen, asked)
    async with ends.client(asked, loaded, settings) as client:
        [end] = await ends.find(asked, client, loaded)
        with session.reading(Options()) as (run, _):
            found = await read_dump(run, end, catalog.scope(asked.scope_name))
    return end.database.name, found


def _deliver(
    screen: Screen,
    found: Dump,
    facts: Mapping[str, Any],
    *,
    output: Path | None,
    split: Path | None,
) -> None:
    """Raises: UsageError, Refused."""
    from supasync.sync.dumping import files, folder

    if split:
        done = folder.replace(split, files.files(found), files.first_line)
        told = (
            f"{len(done.written)} written, {len(done.removed)} removed, {done.unchanged} as before"
        )
        counts = {"written": done.written, "removed": done.removed, "unchanged": done.unchanged}
        screen.show({**facts, "files": counts}, lambda console: console.print(f"{split}: {told}"))
    elif output:
        folder.write(output, found.text)
        screen.show({**facts, "file": str(output)}, lambda _: None)
    elif screen.as_json:
        screen.show({**facts, "sql": found.text}, lambda _: None)
    else:
        sys.stdout.flush()
        sys.stdout.buffer.write(found.text.encode())  # as it says of itself: UTF-8
