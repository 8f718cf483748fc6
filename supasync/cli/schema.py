"""`supasync schema`: any two databases, each a branch, `main` or a postgresql:// URL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from supasync.cli import ends, options, session
from supasync.cli.branches import show_run
from supasync.cli.dump import dump
from supasync.cli.ends import Asked
from supasync.cli.running import finish
from supasync.cli.screen import Screen

if TYPE_CHECKING:
    from rich.console import Console

    from supasync.config import Config
    from supasync.ports import Store
    from supasync.settings import Settings
    from supasync.sync.context import Options

app = typer.Typer(no_args_is_help=True, help="Compare, sync or write down any databases.")

Source = Annotated[str, typer.Argument(help=options.END)]
Target = Annotated[str, typer.Argument(help=options.END)]


@app.command()
def diff(
    source: Source,
    target: Target,
    *,
    scope: options.Scope = None,
    hard: options.Hard = False,
    sql: options.Sql = False,
    as_json: options.Json = False,
    config: options.ConfigFile = None,
    debug: options.Debug = False,
) -> None:
    """Show what would make TARGET's schema equal to SOURCE's. Writes nothing.

    Exit code 0: equal, 1: different, 2: wrong usage, 3 or more: could not know.
    """
    from supasync.sync.context import Options

    asked = Asked(names=(source, target), scope=scope, config=config)
    _run(Screen(as_json=as_json, debug=debug), asked, Options(hard=hard, dry_run=True), sql=sql)


@app.command()
def sync(
    source: Source,
    target: Target,
    *,
    scope: options.Scope = None,
    yes: Annotated[
        bool, typer.Option("--yes", help="Write to a target that is named by a URL.")
    ] = False,
    dry_run: options.DryRun = False,
    hard: options.Hard = False,
    no_data_loss: options.NoDataLoss = False,
    refuse: options.Refuse = None,
    allow_empty: options.AllowEmpty = False,
    prune: options.Prune = False,
    as_json: options.Json = False,
    config: options.ConfigFile = None,
    debug: options.Debug = False,
) -> None:
    """Make TARGET's schema equal to SOURCE's, in one transaction that is proved."""
    from supasync.errors import UsageError
    from supasync.sync.context import Options
    from supasync.sync.ends import is_url

    screen = Screen(as_json=as_json, debug=debug)
    if is_url(target) and not (yes or dry_run):
        error = UsageError(
            "The target is named by a URL and would be changed",
            remedy="Look at `supasync schema diff SOURCE TARGET`, then add --yes.",
        )
        screen.error(error)
        raise typer.Exit(error.exit_code)
    chosen = Options(
        dry_run=dry_run,
        hard=hard,
        no_data_loss=no_data_loss,
        allow_empty=allow_empty,
        prune=prune,
        refused=frozenset(refuse or ()),
    )
    asked = Asked(names=(source, target), scope=scope, config=config, write=True)
    _run(screen, asked, chosen)


app.command()(dump)


def _run(screen: Screen, asked: Asked, chosen: Options, *, sql: bool = False) -> None:
    async def work() -> int:
        from supasync.sync import compare
        from supasync.sync.ends import check

        loaded, settings = ends.configuration(screen, asked)
        source, target = asked.names
        ref = loaded.project.ref if loaded else settings.project_ref
        check(source, target, ref, write=asked.write)
        async with ends.client(asked, loaded, settings) as client:
            from_end, to_end = await ends.find(asked, client, loaded)

            def show(console: Console) -> None:
                show_run(summary, console, sql=sql)

            try:
                with session.reading(chosen) as (run, summary):
                    return await compare.run_comparison(
                        compare.Comparison(
                            run=run,
                            source=from_end,
                            target=to_end,
                            scope=asked.scope_name,
                            write=asked.write,
                            store=_store(loaded, settings),
                            keep=loaded.seed.function if loaded and not asked.urls else None,
                            client=client,
                        )
                    )
            finally:
                interrupted = summary.finished is None
                if asked.write or not interrupted:  # a write may have been carried out
                    screen.show_run(summary, show)

    finish(screen, work)


def _store(config: Config | None, settings: Settings) -> Store:
    from supasync.sync.record import NoStore

    return session.open_store(config, settings) if config else NoStore()
