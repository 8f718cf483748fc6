"""`supasync seed`: run the seed without a schema sync."""

from __future__ import annotations

from typing import Annotated

import typer

from supasync.cli import options
from supasync.cli.branches import run_job, show_run
from supasync.cli.screen import Screen

app = typer.Typer(no_args_is_help=True, help="The seed of the branches.")


@app.callback()
def seed() -> None:
    """The seed of the branches."""


@app.command()
def run(
    names: Annotated[list[str], typer.Argument(metavar="NAME...", help="Branches to seed.")],
    *,
    as_json: options.Json = False,
    config: options.ConfigFile = None,
    debug: options.Debug = False,
) -> None:
    """Run the configured seed on branches, in one transaction each.

    Exit code 7: a seed failed; the branch's rows are as they were.
    """
    from supasync.sync import job
    from supasync.sync.context import Options

    screen = Screen(as_json=as_json, debug=debug)
    run_job(screen, job.SEED_RUN, config_file=config, names=names, chosen=Options(), show=show_run)
