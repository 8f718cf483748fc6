"""`supasync migrations`: git's files, production's history and its schema against each other."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from supasync.cli import options, session
from supasync.cli.running import finish
from supasync.cli.screen import Screen

if TYPE_CHECKING:
    from supasync import api
    from supasync.config import Config
    from supasync.settings import Settings
    from supasync.sync.context import Run
    from supasync.sync.ends import End
    from supasync.sync.migrations.files import Folder
    from supasync.sync.migrations.survey import Production, Survey

app = typer.Typer(
    no_args_is_help=True,
    help="Migration files, production's migration history, and its schema as it is.",
)

FolderOption: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--folder",
        metavar="DIR",
        help="The migration files; by default supabase/migrations beside the configuration.",
        show_default=False,
    ),
]


@app.command()
def status(
    *,
    folder: FolderOption = None,
    against: Annotated[
        str | None,
        typer.Option(
            metavar="NAME|URL",
            help="A database on which production's history has been run, such as a branch that was "
            "reset. Nothing is written to it. By default the history is run in a sandbox.",
            show_default=False,
        ),
    ] = None,
    hard: options.Hard = False,
    as_json: options.Json = False,
    config: options.ConfigFile = None,
    debug: options.Debug = False,
) -> None:
    """Tell of each migration whether it is recorded on production and whether that is true.

    Writes nothing. Exit code 0: files, history and schema say the same, 1: they do not, 3: of some
    it could not be found out.
    """
    screen = Screen(as_json=as_json, debug=debug)

    async def work() -> int:
        from supasync.report.migrations import print_status
        from supasync.sync.context import Options
        from supasync.sync.ends import check
        from supasync.sync.migrations.document import of_status

        loaded, settings = session.load(screen, config)
        found_folder = _folder(screen, loaded, folder)
        if against is not None:
            check("main", against, loaded.project.ref, write=False)
        async with session.open_client(loaded, settings) as client:
            end = await _end(against, loaded, client) if against else None
            with session.reading(Options(hard=hard, dry_run=True)) as (run, _):
                source = await _production(run, loaded, settings, client)
                found = await _survey(run, source, found_folder, end)
        document = of_status(found, loaded.project.ref)
        screen.show(document, lambda console: print_status(document, console))
        return found.code

    finish(screen, work)


@app.command()
def capture(
    *,
    name: Annotated[str, typer.Option(help="Of the new migration.")] = "captured",
    folder: FolderOption = None,
    hard: options.Hard = False,
    as_json: options.Json = False,
    config: options.ConfigFile = None,
    debug: options.Debug = False,
) -> None:
    """Write the migration that production lacks: what was changed there by hand.

    Production's history is run in a sandbox, and the new file after it: it is written if that makes
    production's schema. Production is only read.
    """
    screen = Screen(as_json=as_json, debug=debug)

    async def work() -> int:
        from supasync.api.clock import SystemClock
        from supasync.cli import scratch
        from supasync.report.migrations import print_captured
        from supasync.sync.context import Options
        from supasync.sync.migrations import capture as captures
        from supasync.sync.migrations import files
        from supasync.sync.migrations.document import of_capture
        from supasync.sync.migrations.survey import survey

        captures.check_name(name)
        loaded, settings = session.load(screen, config)
        found_folder = _folder(screen, loaded, folder)
        async with session.open_client(loaded, settings) as client:
            with session.reading(Options(hard=hard)) as (run, _):
                source = await _production(run, loaded, settings, client)
                async with scratch.opened(source.state.server_version // 10000) as place:
                    found = await survey(run, source, found_folder, place)
                    done = await captures.capture(
                        run,
                        source,
                        found,
                        place,
                        folder=files.place(loaded, folder),
                        name=name,
                        clock=SystemClock(),
                    )
        document = of_capture(done, found, loaded.project.ref)
        screen.show(document, lambda console: print_captured(document, console))
        return 0

    finish(screen, work)


def _folder(screen: Screen, config: Config, given: Path | None) -> Folder | None:
    """None when there is no folder and none was named."""
    from supasync.sync.migrations import files

    path = files.place(config, given)
    if given is None and config.migrations.folder is None and not path.exists():
        screen.tell(f"There is no {path}: production's history and schema alone are compared")
        return None
    found = files.read(path)
    for name in found.passed_over:
        screen.tell(f"Warning: {path / name} is passed over: it is not called VERSION_NAME.sql")
    return found


async def _production(
    run: Run, config: Config, settings: Settings, client: api.Client
) -> Production:
    from supasync import catalog
    from supasync.sync import names
    from supasync.sync.migrations.survey import production
    from supasync.sync.record import Memory

    kept = names.kept(config.seed.function)
    scope = catalog.scope(names.SCOPE, keep_functions=kept)
    store = session.open_store(config, settings)
    memory = Memory(store, scope=" ".join([names.SCOPE, *kept]), hard=run.options.hard)
    return await production(run, client.production, scope, memory, key=config.project.ref)


async def _survey(run: Run, source: Production, folder: Folder | None, end: End | None) -> Survey:
    from supasync.cli import scratch
    from supasync.sync.migrations.survey import survey, survey_against

    if end is not None:
        return await survey_against(run, source, folder, end)
    async with scratch.opened(source.state.server_version // 10000) as place:
        return await survey(run, source, folder, place)


async def _end(against: str, config: Config, client: api.Client) -> End:
    """Raises: UsageError, NotReady, UnknownError."""
    from supasync.cli import ends

    [end] = await ends.find(ends.Asked(names=(against,), scope=None, config=None), client, config)
    return end
