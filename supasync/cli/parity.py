"""`supasync branches parity`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from supasync.cli import options, session
from supasync.cli.running import finish
from supasync.cli.screen import Screen
from supasync.errors import UnknownError, UsageError

if TYPE_CHECKING:
    from supasync import api
    from supasync.config import Config
    from supasync.parity import End, Row

_DIFFERENT = 1


def parity(
    names: options.Names = None,
    *,
    all_branches: Annotated[
        bool, typer.Option("--all", help="Every configured branch; so it is without a name.")
    ] = False,
    same: Annotated[bool, typer.Option("--same", help="Show what is the same too.")] = False,
    as_json: options.Json = False,
    config: options.ConfigFile = None,
    debug: options.Debug = False,
) -> None:
    """Compare what is not schema: versions, settings, functions, secrets' names, buckets, jobs.

    Writes nothing and shows no secret.

    Exit code 0: all the same, 1: something differs, 2: wrong usage, 3: something cannot be seen.
    """
    screen = Screen(as_json=as_json, debug=debug)

    async def work() -> int:
        import asyncio

        from supasync import parity
        from supasync.report.parity import print_parity, to_json
        from supasync.sync import pipeline

        if names and all_branches:
            raise UsageError("Branches were named, and --all was given", remedy="Leave out one.")
        loaded, settings = session.load(screen, config)
        targets = pipeline.targets(names or (), loaded)
        async with session.open_client(loaded, settings) as client:
            main = parity.End.production(client, loaded.project.ref)
            ends = [main, *await _branches(targets, client, loaded)]
            async with asyncio.TaskGroup() as group:
                tasks = [group.create_task(parity.read(end)) for end in ends]
        readings = [task.result() for task in tasks]
        rows = {
            end.name: parity.compare(readings[0], found)
            for end, found in zip(ends[1:], readings[1:], strict=True)
        }
        code = _code([row for found in rows.values() for row in found])
        found = [to_json(end.name, end.ref, rows[end.name]) for end in ends[1:]]
        screen.show(
            {"branches": found, "exit_code": code},
            lambda console: print_parity(rows, console, same=same),
        )
        return code

    finish(screen, work)


async def _branches(names: Sequence[str], client: api.Client, config: Config) -> list[End]:
    """Raises: UsageError, ProductionGuard, Refused, UnknownError."""
    from supasync.parity import End
    from supasync.sync.lifecycle import ready

    listed = await client.branches.list(config.project.ref)
    return [End.branch(client, name, ready.find(name, listed, config)) for name in names]


def _code(rows: Sequence[Row]) -> int:
    from supasync.parity import State

    states = {row.state for row in rows}
    if State.CANNOT_SEE in states:
        return UnknownError.exit_code
    return _DIFFERENT if State.DIFFERENT in states else 0
