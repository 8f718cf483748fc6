"""`supasync branches undo`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from supasync.cli import options, session
from supasync.cli.branches import run_job, show_run
from supasync.cli.running import finish
from supasync.cli.screen import Screen

if TYPE_CHECKING:
    from pathlib import Path

    from rich.console import Console

Name = Annotated[str, typer.Argument(metavar="NAME", help="A branch.", show_default=False)]


def undo(
    name: Name,
    *,
    steps: Annotated[
        int, typer.Option(min=1, help="How many syncs to go back; those that changed the schema.")
    ] = 1,
    before: Annotated[
        str, typer.Option(metavar="RUN", help="Before this run, as --list has it.")
    ] = "",
    as_list: Annotated[
        bool, typer.Option("--list", help="Show which earlier schemas are kept, and stop.")
    ] = False,
    dry_run: options.DryRun = False,
    hard: options.Hard = False,
    no_data_loss: options.NoDataLoss = False,
    refuse: options.Refuse = None,
    allow_empty: Annotated[
        bool, typer.Option("--allow-empty", help="Go back even to a schema without any table.")
    ] = False,
    prune: options.Prune = False,
    as_json: options.Json = False,
    config: options.ConfigFile = None,
    debug: options.Debug = False,
) -> None:
    """Give a branch the schema back that it had before its last sync, proved as a sync is.

    Rows do not come back. What was made since is dropped with its rows: --no-data-loss refuses
    that, --dry-run shows it.
    """
    from supasync.sync import job
    from supasync.sync.context import Options

    screen = Screen(as_json=as_json, debug=debug)
    if as_list:
        _list(screen, name, config)
    chosen = Options(
        dry_run=dry_run,
        hard=hard,
        no_data_loss=no_data_loss,
        allow_empty=allow_empty,
        prune=prune,
        refused=frozenset(refuse or ()),
    )
    work = job.undo(job.Undo(steps=steps, before=before.strip()), dry_run=dry_run)
    run_job(screen, work, config_file=config, names=[name], chosen=chosen, show=show_run)


def _list(screen: Screen, name: str, config: Path | None) -> None:
    async def work() -> int:
        from supasync.sync import pipeline
        from supasync.sync.undo import kept

        loaded, settings = session.load(screen, config)
        pipeline.targets([name], loaded)
        async with session.open_client(loaded, settings) as client:
            found = await kept(name, client, loaded)
        rows: list[dict[str, Any]] = [
            {"run_id": entry.run_id, "before": entry.what, "at": entry.at} for entry in found
        ]

        def show(console: Console) -> None:
            for entry in found:
                console.print(f"{entry.run_id}  before the {entry.what} of {entry.when}")
            if not found:
                console.print(f"{name}: no earlier schema is kept")

        screen.show({"branch": name, "kept": rows}, show)
        return 0

    finish(screen, work)
