"""`supasync branches`: list, status, diff, sync."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from supasync.cli import asking, options, session
from supasync.cli.recording import open_to_write, recording
from supasync.cli.running import finish
from supasync.cli.screen import Screen
from supasync.errors import UsageError

if TYPE_CHECKING:
    from rich.console import Console

    from supasync.api import Branch
    from supasync.config import Config
    from supasync.events import Summary
    from supasync.sync.context import Options
    from supasync.sync.job import Job

    Show = Callable[[Summary, Console], None]
    Sure = Callable[[Sequence[str]], Awaitable[None]]

app = typer.Typer(no_args_is_help=True, help="Branches of the production project.")


@app.command("list")
def list_branches(
    *,
    as_json: options.Json = False,
    config: options.ConfigFile = None,
    debug: options.Debug = False,
) -> None:
    """List the platform's branches and whether they are configured."""
    screen = Screen(as_json=as_json, debug=debug)

    async def work() -> int:
        from supasync.report.branches import print_branches

        loaded, settings = session.load(screen, config)
        async with session.open_client(loaded, settings) as client:
            listed = await client.branches.list(loaded.project.ref)
        rows = [_row(branch, loaded) for branch in listed]
        missing = sorted(set(loaded.branches) - {str(row["configured_as"]) for row in rows})
        screen.show(
            {"branches": rows, "missing": missing}, lambda console: print_branches(rows, console)
        )
        for name in missing:
            screen.tell(f"Warning: [branches.{name}] is configured; the project has no such branch")
        return 0

    finish(screen, work)


@app.command()
def status(
    names: options.Names = None,
    *,
    hard: options.Hard = False,
    witness: options.Witness = False,
    as_json: options.Json = False,
    config: options.ConfigFile = None,
    debug: options.Debug = False,
) -> None:
    """Tell for each branch whether it has production's schema, and how its last sync ended.

    Writes nothing, and looks at neither seed nor users.

    Exit code 0: all in sync, 1: some are not, 3 or more: could not know.
    """
    from supasync.sync import job
    from supasync.sync.context import Options

    screen = Screen(as_json=as_json, debug=debug)
    run_job(
        screen,
        job.STATUS,
        config_file=config,
        names=names,
        chosen=Options(hard=hard, witness=witness, dry_run=True),
        show=show_status,
    )


@app.command()
def diff(
    names: options.Names = None,
    *,
    hard: options.Hard = False,
    witness: options.Witness = False,
    sql: options.Sql = False,
    as_json: options.Json = False,
    config: options.ConfigFile = None,
    debug: options.Debug = False,
) -> None:
    """Show what a sync would change in each branch's schema. Writes nothing.

    Exit code 0: equal, 1: different, 2: wrong usage, 3 or more: could not know.
    """
    from supasync.sync import job
    from supasync.sync.context import Options

    screen = Screen(as_json=as_json, debug=debug)
    run_job(
        screen,
        job.DIFF,
        config_file=config,
        names=names,
        chosen=Options(hard=hard, witness=witness, dry_run=True),
        show=partial(show_run, sql=sql),
    )


@app.command()
def sync(
    names: options.Names = None,
    *,
    strategy: options.Strategy = "reconcile",
    yes: asking.Yes = False,
    dry_run: options.DryRun = False,
    hard: options.Hard = False,
    witness: options.Witness = False,
    no_data_loss: options.NoDataLoss = False,
    refuse: options.Refuse = None,
    allow_empty: options.AllowEmpty = False,
    prune: options.Prune = False,
    as_json: options.Json = False,
    config: options.ConfigFile = None,
    debug: options.Debug = False,
) -> None:
    """Give branches production's schema, the rows of it that are listed, the seed, and test users
    who can log in.

    A branch that does not exist is created if its section has create = true.
    """
    from supasync.sync import job
    from supasync.sync.context import Options
    from supasync.sync.strategy import Strategy

    chosen = Options(
        dry_run=dry_run,
        hard=hard,
        witness=witness,
        no_data_loss=no_data_loss,
        allow_empty=allow_empty,
        prune=prune,
        refused=frozenset(refuse or ()),
    )
    screen = Screen(as_json=as_json, debug=debug)

    run_job(
        screen,
        job.sync(Strategy(strategy), dry_run=dry_run),
        config_file=config,
        names=names,
        chosen=chosen,
        show=show_run,
        sure=_sure(strategy, dry_run=dry_run, yes=yes),
    )


def _sure(strategy: str, *, dry_run: bool, yes: bool) -> Sure:
    async def sure(targets: Sequence[str]) -> None:
        if dry_run and strategy == "reset":
            raise UsageError(
                "What a sync would change after a reset is known only after the reset",
                remedy="Leave out --dry-run or --strategy reset.",
            )
        if strategy != "reconcile" and not dry_run:
            what = f"All rows of {', '.join(targets)} are lost by the strategy {strategy}."
            await asking.confirm(what, yes=yes)

    return sure


def run_job(
    screen: Screen,
    job: Job,
    *,
    config_file: Path | None,
    names: list[str] | None,
    chosen: Options,
    show: Show,
    sure: Sure | None = None,
) -> None:
    """A command over branches: run it, show it, record it. sure: asks before it is begun."""

    def seen(summary: Summary) -> None:
        screen.show_run(summary, lambda console: show(summary, console))

    async def work() -> int:
        return await do_job(
            screen, job, config_file=config_file, names=names, chosen=chosen, seen=seen, sure=sure
        )

    finish(screen, work)


async def do_job(
    screen: Screen,
    job: Job,
    *,
    config_file: Path | None,
    names: list[str] | None,
    chosen: Options,
    seen: Callable[[Summary], None],
    sure: Sure | None = None,
) -> int:
    """Runs and records it; returns the exit code. seen: gets what is known at the end, also of a
    run that was interrupted.

    Raises: SupasyncError for what is wrong before the first branch is looked at.
    """
    from supasync.history import COMMAND
    from supasync.sync import pipeline
    from supasync.sync.job import Users
    from supasync.sync.recorded import begun, last_syncs

    users = job.users is not Users.LEAVE
    loaded, settings = session.load(screen, config_file, users=users)
    targets = pipeline.targets(names or (), loaded)
    seeds = pipeline.scripts(loaded, targets) if job.seed else {}
    store = session.open_store(loaded, settings)
    if sure is not None:
        await sure(targets)
    async with session.open_client(loaded, settings) as client:
        history = await open_to_write(screen, loaded, store.folder, client) if job.write else None
        try:
            with session.reading(chosen) as (run, summary):
                about = begun(run, job, targets, trigger=COMMAND)
                async with recording(screen, history, about, summary, loaded):
                    return await pipeline.run_job(
                        job,
                        targets,
                        run=run,
                        config=loaded,
                        client=client,
                        store=store,
                        seeds=seeds,
                    )
        finally:  # an interrupted run too has something to show
            if job.past:
                known = session.open_history(screen, loaded, settings)
                summary.remember(last_syncs(known, session.warn(screen)))
            seen(summary)


def show_run(summary: Summary, console: Console, *, sql: bool = False) -> None:
    from supasync.report.text import print_run  # not for --json: rich.table

    print_run(summary, console, sql=sql)


def show_status(summary: Summary, console: Console) -> None:
    from supasync.report.text import print_status

    print_status(summary, console)


def _row(branch: Branch, config: Config) -> dict[str, Any]:
    from supasync.sync.lifecycle import ready

    name = ready.section(branch, config)
    return {
        "name": branch.name,
        "ref": branch.project_ref,
        "git_branch": branch.git_branch,
        "status": str(branch.preview_project_status or branch.status),
        "persistent": branch.persistent,
        "production": branch.is_production,
        "configured": name is not None,
        "configured_as": name,
    }
