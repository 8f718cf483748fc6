"""`supasync runs` and `branches history`: what past runs did, and how reliable they were."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

import typer

from supasync.cli import options, session
from supasync.cli.running import finish
from supasync.cli.screen import Screen
from supasync.errors import UsageError

if TYPE_CHECKING:
    from supasync.config import Config
    from supasync.history import BranchRun, History, Statistics

app = typer.Typer(no_args_is_help=True, help="Past runs: what they did, and how they ended.")

Limit: TypeAlias = Annotated[int, typer.Option(min=1, max=10_000, help="So many, newest first.")]
Days: TypeAlias = Annotated[
    float, typer.Option(min=0.01, max=36_500, help="Statistics are of so many last days.")
]


def history(
    name: Annotated[str, typer.Argument(metavar="NAME", help="A branch.", show_default=False)],
    *,
    limit: Limit = 20,
    days: Days = 30,
    as_json: options.Json = False,
    config: options.ConfigFile = None,
    debug: options.Debug = False,
) -> None:
    """Show the runs that wrote to a branch, newest first, and how reliable its syncs are.

    Reads what is recorded; nothing is asked of the platform.
    """

    def look(screen: Screen, loaded: Config, known: History) -> None:
        found = known.runs(name, limit)
        if not found and name not in loaded.branches:
            raise _unknown(name, loaded, known)
        statistics = known.statistics(name, _since(days))
        document = {
            "branch": name,
            "statistics": _statistics(statistics),
            "runs": [_part(each) for each in found],
        }

        def show(console: Any) -> None:
            from supasync.report.history import print_runs, print_statistics

            print_runs(found, console)
            console.print(f"\nSyncs of the last {days:g} days:")
            print_statistics([statistics], console)

        screen.show(document, show)

    _do(look, as_json=as_json, config=config, debug=debug)


@app.command("list")
def list_runs(
    *,
    limit: Limit = 20,
    as_json: options.Json = False,
    config: options.ConfigFile = None,
    debug: options.Debug = False,
) -> None:
    """List the runs of all branches, newest first: a line for each branch of each run."""

    def look(screen: Screen, _loaded: Config, known: History) -> None:
        from supasync.report.history import print_runs

        found = known.runs(limit=limit)
        document = {"runs": [_part(each) for each in found]}
        screen.show(document, lambda console: print_runs(found, console))

    _do(look, as_json=as_json, config=config, debug=debug)


@app.command()
def show(
    id_: Annotated[
        str,
        typer.Argument(metavar="ID", help="A run, by how its id begins.", show_default=False),
    ],
    *,
    as_json: options.Json = False,
    config: options.ConfigFile = None,
    debug: options.Debug = False,
) -> None:
    """Show one run: why it began, its phases, plan, logins, and how it ended."""

    def look(screen: Screen, _loaded: Config, known: History) -> None:
        from supasync.report.history import print_run

        attempts = known.attempts(id_.strip())
        document = {
            "run": asdict(attempts[-1]),
            "earlier": [asdict(each) for each in attempts[:-1]],
        }
        screen.show(document, lambda console: print_run(attempts, console))

    _do(look, as_json=as_json, config=config, debug=debug)


@app.command()
def stats(
    *,
    days: Days = 30,
    as_json: options.Json = False,
    config: options.ConfigFile = None,
    debug: options.Debug = False,
) -> None:
    """Tell how many syncs succeeded, how long branches take to converge, and for how long their
    state was unknown: of each branch, and of all."""

    def look(screen: Screen, _loaded: Config, known: History) -> None:
        from supasync.report.history import print_statistics

        since = _since(days)
        each, overall = known.statistics_of_each(since), known.statistics(since=since)
        document = {
            "branches": [_statistics(found) for found in each],
            "overall": _statistics(overall),
        }
        screen.show(document, lambda console: print_statistics([*each, overall], console))

    _do(look, as_json=as_json, config=config, debug=debug)


def _do(
    look: Callable[[Screen, Config, History], None],
    *,
    as_json: bool,
    config: options.ConfigFile,
    debug: bool,
) -> None:
    screen = Screen(as_json=as_json, debug=debug)

    async def work() -> int:
        loaded, settings = session.load(screen, config)
        look(screen, loaded, session.open_history(screen, loaded, settings))
        return 0

    finish(screen, work)


def _since(days: float) -> float:
    import time

    return time.time() - days * 86_400


def _unknown(name: str, config: Config, known: History) -> UsageError:
    from supasync.sync import names

    names.check_branch(name, urls=False)
    recorded = {each.branch for each in known.statistics_of_each() if each.branch}
    close = difflib.get_close_matches(name, recorded | set(config.branches), n=1)
    return UsageError(
        f"No branch {name} is configured, and no run of it is recorded",
        remedy=f"Did you mean {close[0]}?" if close else "`supasync runs list` shows all runs.",
    )


def _part(run: BranchRun) -> dict[str, Any]:
    """What a list tells of a run; `runs show` tells the rest."""
    return {
        **asdict(run),
        "steps": len(run.steps) + run.left_out,
        "logins": {each.email: each.ok for each in run.logins},
    }


def _statistics(found: Statistics) -> dict[str, Any]:
    return {**asdict(found), "success_rate": found.success_rate}
