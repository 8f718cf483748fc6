"""All commands, and what ends them."""

from __future__ import annotations

import sys
from typing import Annotated, NoReturn

import typer

from supasync import __version__
from supasync.cli import (
    audit,
    branches,
    certificate,
    ci,
    config,
    create,
    delete,
    doctor,
    drill,
    examples,
    init,
    jobs,
    migrations,
    opening,
    parity,
    power,
    replay,
    report,
    runs,
    sandbox,
    schema,
    seed,
    serve,
    token,
    undo,
    users,
    validate,
    wait,
    watch,
)
from supasync.cli.screen import for_people, tell_crash, tell_error
from supasync.errors import SupasyncError, UnknownError

app = typer.Typer(
    name="supasync",
    help="Supabase branches that always have production's actual schema, a known seed, and test "
    "users who can log in.",
    no_args_is_help=True,
    rich_markup_mode=None,  # plain help and usage errors: rich would be half of their time
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for command in (
    create.create,
    delete.delete,
    replay.reset,
    replay.rebase,
    power.pause,
    power.resume,
    wait.wait,
    parity.parity,
    undo.undo,
    runs.history,
):
    branches.app.command()(command)
branches.app.command("open")(opening.open_branch)
app.add_typer(config.app, name="config")
app.add_typer(branches.app, name="branches")
app.add_typer(runs.app, name="runs")
app.add_typer(users.app, name="users")
app.add_typer(seed.app, name="seed")
app.add_typer(schema.app, name="schema")
app.add_typer(migrations.app, name="migrations")
app.command()(init.init)
app.command()(doctor.doctor)
app.command()(validate.validate)
app.add_typer(ci.app, name="ci")
app.command()(report.report)
app.command()(drill.drill)
app.command()(watch.watch)
app.command()(serve.serve)
app.add_typer(jobs.app, name="jobs")
app.add_typer(certificate.app, name="certificate")
app.add_typer(audit.app, name="audit")
app.add_typer(sandbox.app, name="sandbox")


@app.callback()
def supasync(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version and exit.", is_eager=True)
    ] = False,
    token_stdin: Annotated[
        bool,
        typer.Option(
            "--token-stdin", help="Read the access token from stdin, not from the environment."
        ),
    ] = False,
) -> None:
    """Supabase branches that always have production's actual schema, a known seed, and test users
    who can log in."""
    if version:
        print_version()
        raise typer.Exit
    if token_stdin:
        token.read_stdin()


@app.command("version")
def print_version() -> None:
    """Print the version."""
    print(f"supasync {__version__}")  # noqa: T201


examples.add(app)


def run() -> NoReturn:
    """Parses and does; whatever happens, the exit code tells and no traceback is shown."""
    for_people()
    try:
        sys.exit(typer.main.get_command(app).main(prog_name="supasync"))
    except SupasyncError as error:
        tell_error(error)
        sys.exit(error.exit_code)
    except Exception as error:  # noqa: BLE001 -- the last resort: never a traceback unasked
        tell_crash(error, debug="--debug" in sys.argv)
        sys.exit(UnknownError.exit_code)
