"""`supasync drill`: whether every drift of a catalogue is found and healed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from supasync.cli import asking, options, session
from supasync.cli.running import finish
from supasync.cli.screen import Screen
from supasync.errors import UsageError

if TYPE_CHECKING:
    from supasync import api, config
    from supasync.drill.drift import Drift
    from supasync.events import DrillReport

_LEFT = "{branch} may have drifts left; `supasync branches sync {branch}` heals them."

Only = Annotated[
    list[str] | None,
    typer.Option(
        metavar="DRIFT",
        help="This drift alone, or those whose names begin so; may be repeated.",
        show_default=False,
    ),
]


def drill(
    name: Annotated[
        str | None, typer.Argument(metavar="NAME", help="Of the branch.", show_default=False)
    ] = None,
    *,
    create: Annotated[
        bool, typer.Option("--create", help="Create the branch, and delete it afterwards.")
    ] = False,
    yes: asking.Yes = False,
    only: Only = None,
    as_list: Annotated[
        bool, typer.Option("--list", help="Show the catalogue of drifts, and stop.")
    ] = False,
    details: Annotated[
        bool, typer.Option("--details", help="Also show what was found and healed.")
    ] = False,
    as_json: options.Json = False,
    config: options.ConfigFile = None,
    debug: options.Debug = False,
) -> None:
    """Change a branch by hand in every way of a catalogue, and see that a sync finds and heals it.

    The branch's rows are lost; a persistent branch is refused. docs/how-to/drill.md has the
    catalogue.

    Exit code 0: all were found and healed, 1: one was not, 2: wrong usage, 3: nothing could be
    found out, 4: main, a persistent branch or not confirmed, 5: a sync failed, 6: another sync
    holds the branch.
    """
    screen = Screen(as_json=as_json, debug=debug)

    async def work() -> int:
        drifts = chosen(only or ())
        if as_list:
            _list(screen, drifts)
            return 0
        if not name:
            raise UsageError("A drill needs a branch", remedy="`supasync drill NAME --create`.")
        report = await _drill(screen, config, name, drifts, create=create, yes=yes)
        _show(screen, report, details=details)
        return report.exit_code

    finish(screen, work)


def chosen(only: Sequence[str]) -> tuple[Drift, ...]:
    """Raises: UsageError for what no drift's name begins with."""
    from supasync.drill.catalogue import DRIFTS

    for start in only:
        if not any(each.name.startswith(start) for each in DRIFTS):
            raise UsageError(
                f"There is no drift {start!r}", remedy="`supasync drill --list` has all of them."
            )
    return tuple(each for each in DRIFTS if not only or each.name.startswith(tuple(only)))


async def _drill(
    screen: Screen,
    file: options.ConfigFile,
    name: str,
    drifts: Sequence[Drift],
    *,
    create: bool,
    yes: bool,
) -> DrillReport:
    import asyncio

    from supasync.drill import place
    from supasync.drill.run import Drill
    from supasync.sync.context import Run

    loaded, settings = session.load(screen, file)
    store = session.open_store(loaded, settings)

    async def on(client: api.Client, branch: api.Branch, policy: config.Branch) -> DrillReport:
        from supasync.drill.run import OPTIONS

        run = Run(emit=session.telling(screen, waits=True).emit, options=OPTIONS)
        return await Drill(run, client, loaded, store, branch, policy)(drifts)

    async with session.open_client(loaded, settings) as client:
        if create:
            async with place.created(name, client, loaded, tell=screen.tell) as (branch, policy):
                return await on(client, branch, policy)
        branch, policy = await place.existing(name, client, loaded)
        what = f"All rows of {branch.name} ({branch.project_ref}) may be lost in a drill."
        await asking.confirm(what, yes=yes)
        try:
            report = await on(client, branch, policy)
        except asyncio.CancelledError:
            screen.tell(_LEFT.format(branch=branch.name))
            raise
        if report.error:
            screen.tell(_LEFT.format(branch=branch.name))
        return report


def _show(screen: Screen, report: DrillReport, *, details: bool) -> None:
    from supasync.report.drill import print_drill

    if report.error:
        screen.tell(f"Error: {report.error}" + (f"\n→ {report.remedy}" if report.remedy else ""))
    screen.show(report.to_json(), lambda console: print_drill(report, console, details=details))


def _list(screen: Screen, drifts: Sequence[Drift]) -> None:
    from supasync.drill.catalogue import FAMILY_OF
    from supasync.report.drill import print_catalogue

    rows = [
        {
            "drift": each.name,
            "family": FAMILY_OF[each.name],
            "what": each.what,
            "needs": each.needs,
        }
        for each in drifts
    ]
    screen.show({"drifts": rows}, lambda console: print_catalogue(rows, console))
