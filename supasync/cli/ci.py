"""`supasync ci`: plan, sync and validate for a CI job, told where people look there."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from supasync.cli import branches, interrupt, options
from supasync.cli.running import finish
from supasync.cli.screen import Screen, for_programs
from supasync.errors import SupasyncError, UnknownError

if TYPE_CHECKING:
    from supasync.ci import Ended, Failure, Github, Mode, Published
    from supasync.events import Summary, Validation
    from supasync.sync.context import Options
    from supasync.sync.job import Job

    Work = Callable[[Screen, "Seen"], Awaitable[int]]

app = typer.Typer(
    no_args_is_help=True,
    help="For CI jobs: on GitHub also a summary, outputs, annotations and one comment.",
)

Comment = Annotated[
    bool,
    typer.Option("--comment/--no-comment", help="Keep one comment on the pull request up to date."),
]
SummaryFile = Annotated[
    Path | None,
    typer.Option("--summary", metavar="FILE", help="Write the Markdown there too.", dir_okay=False),
]


_REPORT = "This is a fault of supasync. Run it again with --debug to see where it comes from."


@dataclass(frozen=True)
class Wanted:
    """summary: a file for the Markdown. comment: whether there shall be one."""

    mode: Mode
    names: list[str] | None
    config: Path | None
    summary: Path | None
    comment: bool


@dataclass
class Seen:
    """What is known when the work ends, however it does."""

    summary: Summary | None = None
    validation: Validation | None = None


@app.command()
def plan(
    names: options.Names = None,
    *,
    hard: options.Hard = False,
    witness: options.Witness = False,
    comment: Comment = True,
    summary: SummaryFile = None,
    as_json: options.Json = False,
    config: options.ConfigFile = None,
    debug: options.Debug = False,
) -> None:
    """Show what a sync would change, as `branches diff` does. Writes nothing to any branch.

    Exit code 0: equal, 1: different, 2: wrong usage, 3 or more: could not know.
    """

    async def work(screen: Screen, seen: Seen) -> int:
        from supasync.sync import job
        from supasync.sync.context import Options

        chosen = Options(hard=hard, witness=witness, dry_run=True)
        return await _run(screen, seen, job.DIFF, wanted, chosen)

    wanted = Wanted("plan", names, config, summary, comment)
    _finish(wanted, work, as_json=as_json, debug=debug)


@app.command()
def sync(
    names: options.Names = None,
    *,
    hard: options.Hard = False,
    witness: options.Witness = False,
    no_data_loss: options.NoDataLoss = False,
    refuse: options.Refuse = None,
    allow_empty: options.AllowEmpty = False,
    prune: options.Prune = False,
    comment: Comment = True,
    summary: SummaryFile = None,
    as_json: options.Json = False,
    config: options.ConfigFile = None,
    debug: options.Debug = False,
) -> None:
    """Sync branches, as `branches sync` does."""

    async def work(screen: Screen, seen: Seen) -> int:
        from supasync.sync import job
        from supasync.sync.context import Options

        chosen = Options(
            hard=hard,
            witness=witness,
            no_data_loss=no_data_loss,
            allow_empty=allow_empty,
            prune=prune,
            refused=frozenset(refuse or ()),
        )
        return await _run(screen, seen, job.SYNC, wanted, chosen)

    wanted = Wanted("sync", names, config, summary, comment)
    _finish(wanted, work, as_json=as_json, debug=debug)


@app.command()
def validate(
    names: options.Names = None,
    *,
    hard: options.Hard = False,
    witness: Annotated[
        bool,
        typer.Option(
            "--witness/--no-witness", help="Of what is equal, ask the platform's own diff too."
        ),
    ] = True,
    comment: Comment = True,
    summary: SummaryFile = None,
    as_json: options.Json = False,
    config: options.ConfigFile = None,
    debug: options.Debug = False,
) -> None:
    """Check production and the branches, as `validate` does.

    Exit code 0: all is well, 1: something is wrong, 3: something could not be found out.
    """

    async def work(screen: Screen, seen: Seen) -> int:
        from supasync.cli import validate as validating
        from supasync.sync.context import Options

        chosen = Options(dry_run=True, witness=witness, hard=hard)
        found = await validating.validation(screen, config, names, chosen)
        seen.validation = found
        validating.show(screen, found, "text", details=False)
        return found.exit_code

    wanted = Wanted("validate", names, config, summary, comment)
    _finish(wanted, work, as_json=as_json, debug=debug)


async def _run(screen: Screen, seen: Seen, job: Job, wanted: Wanted, chosen: Options) -> int:
    def known(summary: Summary) -> None:
        seen.summary = summary
        screen.show_run(summary, lambda console: branches.show_run(summary, console))

    return await branches.do_job(
        screen, job, config_file=wanted.config, names=wanted.names, chosen=chosen, seen=known
    )


def _finish(wanted: Wanted, work: Work, *, as_json: bool, debug: bool) -> NoReturn:
    """Runs the work, and tells CI how it ended, however it ended. Raises: typer.Exit."""
    from supasync import ci
    from supasync.ci.output import inert_output

    github = ci.found(os.environ)
    if as_json:
        for_programs()  # what is inert passes on to the stream that there is now
    with inert_output(github is not None, json=as_json) as command:
        screen = Screen(as_json=as_json, debug=debug)
        to = ci.Published(
            github=github, command=command, file=wanted.summary, comment=wanted.comment
        )
        finish(screen, lambda: _told(screen, wanted, work, to))


async def _told(screen: Screen, wanted: Wanted, work: Work, to: Published) -> int:
    from supasync.ci import Ended, Failure

    seen = Seen()
    code = interrupt.INTERRUPTED
    failure: Failure | None = Failure(message="It was interrupted")
    try:
        code = await work(screen, seen)
        failure = None
    except SupasyncError as error:
        code, failure = error.exit_code, Failure(message=error.message, remedy=error.remedy or "")
        raise
    except Exception as error:
        code = UnknownError.exit_code
        # its text, which nobody has looked through, goes to the log alone and not to a comment
        failure = Failure(message=f"unexpected {type(error).__name__}", remedy=_REPORT)
        raise
    finally:
        if code == interrupt.INTERRUPTED:
            to = replace(to, comment=False)  # there is no time for it
        ended = Ended(
            mode=wanted.mode,
            code=code,
            config=_config(wanted.config, to.github),
            names=tuple(wanted.names or ()),
            summary=seen.summary,
            validation=seen.validation,
            failure=failure,
        )
        await _publish(screen, ended, to)
    return code


async def _publish(screen: Screen, ended: Ended, to: Published) -> None:
    """A report that fails changes no verdict, and is told."""
    from supasync.ci import publish

    try:
        await publish(ended, to)
    except Exception as error:  # noqa: BLE001 -- see above
        screen.tell(f"Warning: the report could not be written ({type(error).__name__}: {error})")


def _config(given: Path | None, github: Github | None) -> str:
    """The configuration's file as CI names it."""
    from supasync.settings import CONFIG_FILES, Settings

    try:
        found = Settings.from_env(os.environ, config=given).config_file()
    except SupasyncError:  # which has been told
        found = given
    file = found or CONFIG_FILES[0]
    return github.relative(file) if github else file.as_posix()
