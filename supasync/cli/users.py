"""`supasync users`: test users who can log in."""

from __future__ import annotations

import typer

from supasync.cli import options
from supasync.cli.branches import run_job, show_run
from supasync.cli.screen import Screen

app = typer.Typer(no_args_is_help=True, help="Test users of the branches.")


@app.callback()
def users() -> None:
    """Test users of the branches."""


@app.command()
def verify(
    names: options.Names = None,
    *,
    as_json: options.Json = False,
    config: options.ConfigFile = None,
    debug: options.Debug = False,
) -> None:
    """Log every test user in for real and check role and active flag. Repairs nothing.

    Exit code 8: a test user cannot log in.
    """
    from supasync.sync import job
    from supasync.sync.context import Options

    screen = Screen(as_json=as_json, debug=debug)
    run_job(
        screen, job.USERS_VERIFY, config_file=config, names=names, chosen=Options(), show=show_run
    )
