"""`supasync users`: test users who can log in."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from supasync.cli import options, session
from supasync.cli.branches import run_job, show_run
from supasync.cli.running import finish
from supasync.cli.screen import Screen
from supasync.errors import UsageError, UsersError

if TYPE_CHECKING:
    from supasync import api
    from supasync.config import Config
    from supasync.sync.ends import End
    from supasync.sync.job import Job

app = typer.Typer(no_args_is_help=True, help="Test users of the branches.")


@app.callback()
def users() -> None:
    """Test users of the branches."""


@app.command("list")
def list_users(
    names: options.Names = None,
    *,
    as_json: options.Json = False,
    config: options.ConfigFile = None,
    debug: options.Debug = False,
) -> None:
    """Show the configured test users and what is wrong with their accounts. Logs nobody in.

    Exit code 0: all are there and as they should be, 8: some are not.
    """
    screen = Screen(as_json=as_json, debug=debug)

    async def work() -> int:
        from supasync.report.people import print_users
        from supasync.sync import pipeline
        from supasync.sync.logins import links
        from supasync.sync.logins.sessions import auth_of

        loaded, settings = session.load(screen, config, users=True)
        targets = pipeline.targets(names or (), loaded)
        _check_users(loaded)
        found: list[dict[str, Any]] = []
        async with session.open_client(loaded, settings) as client:
            for name, end in zip(targets, await _ends(targets, client, loaded), strict=True):
                async with auth_of(client, loaded, end.key) as auth:
                    listed = await links.look(auth, end.database, loaded)
                found.append({"name": name, "ref": end.key, "users": listed})
        screen.show({"branches": found}, lambda console: print_users(found, console))
        wrong = any(user["faults"] for branch in found for user in branch["users"])
        return UsersError.exit_code if wrong else 0

    finish(screen, work)


@app.command()
def ensure(
    names: options.Names = None,
    *,
    as_json: options.Json = False,
    config: options.ConfigFile = None,
    debug: options.Debug = False,
) -> None:
    """Create and repair test users, then log every one in for real.

    Repaired are unconfirmed and banned users, wrong roles and passwords, rows that SQL has made and
    Auth cannot read, users whose row in auth.identities is missing, and rows of [profiles] without
    the account's id. Exit code 8: a test user still cannot log in.
    """
    from supasync.sync import job

    _run(job.USERS_ENSURE, names, config, as_json=as_json, debug=debug)


@app.command()
def verify(
    names: options.Names = None,
    *,
    as_json: options.Json = False,
    config: options.ConfigFile = None,
    debug: options.Debug = False,
) -> None:
    """Log every test user in for real; check role, active flag and what it sees. Repairs nothing.

    Exit code 8: a test user cannot log in, or does not see what is expected.
    """
    from supasync.sync import job

    _run(job.USERS_VERIFY, names, config, as_json=as_json, debug=debug)


@app.command()
def login(
    name: options.Name,
    user: Annotated[
        str | None,
        typer.Argument(
            metavar="[USER]",
            help="An e-mail address or role of [[test_users]].",
            show_default=False,
        ),
    ] = None,
    *,
    print_link: Annotated[
        bool, typer.Option("--print-link", help="Print the link instead of opening it.")
    ] = False,
    redirect_to: Annotated[
        str | None,
        typer.Option(
            metavar="URL",
            help="Where the link leads in the end; by default the branch's site_url.",
            show_default=False,
        ),
    ] = None,
    config: options.ConfigFile = None,
    debug: options.Debug = False,
) -> None:
    """Log in to a branch as a test user, by a fresh magic link that is opened in the browser.

    No e-mail is sent. The link works once, and is a secret as long as nobody has used it.
    Exit code 4: main, 8: the user is not there or cannot log in.
    """
    screen = Screen(as_json=False, debug=debug)

    async def work() -> int:
        who, address = await _link(screen, config, name, user, redirect_to)
        if print_link:
            typer.echo(address)
            return 0
        import webbrowser

        if not webbrowser.open(address):
            raise UsageError(
                "No browser could be started", remedy="Add --print-link and open it yourself."
            )
        screen.tell(f"Opened {name} as {who} in the browser.")
        return 0

    finish(screen, work)


async def _link(
    screen: Screen, file: Path | None, name: str, user: str | None, redirect_to: str | None
) -> tuple[str, str]:
    """The user's e-mail address, and a link."""
    from supasync.sync import pipeline
    from supasync.sync.logins import links
    from supasync.sync.logins.sessions import auth_of

    loaded, settings = session.load(screen, file, users=True)
    targets = pipeline.targets([name], loaded)
    _check_users(loaded)
    links.check_order(name, user, loaded)
    who = links.chosen(user, loaded.test_users)
    async with session.open_client(loaded, settings) as client:
        [end] = await _ends(targets, client, loaded)
        async with auth_of(client, loaded, end.key) as auth:
            return who.email, await links.link(auth, end.database, loaded, who, redirect_to)


def _run(
    job: Job, names: list[str] | None, config: Path | None, *, as_json: bool, debug: bool
) -> None:
    from supasync.sync.context import Options

    screen = Screen(as_json=as_json, debug=debug)
    run_job(screen, job, config_file=config, names=names, chosen=Options(), show=show_run)


def _check_users(config: Config) -> None:
    if not config.test_users:
        raise UsageError(
            f"{config.file}: there are no [[test_users]]",
            remedy="Add a section [[test_users]] with email and role for each.",
        )


async def _ends(names: tuple[str, ...], client: api.Client, config: Config) -> list[End]:
    """Raises: UsageError, ProductionGuard, NotReady, UnknownError."""
    from supasync.cli import ends

    asked = ends.Asked(names=names, scope=None, config=None)
    return await ends.find(asked, client, config)
