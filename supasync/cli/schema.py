"""`supasync schema`: any two databases, each a branch, `main` or a postgresql:// URL."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from supasync.cli import options, session
from supasync.cli.branches import show_run
from supasync.cli.running import finish
from supasync.cli.screen import Screen

if TYPE_CHECKING:
    from rich.console import Console

    from supasync import api
    from supasync.config import Config
    from supasync.ports import Store
    from supasync.settings import Settings
    from supasync.sync.context import Options
    from supasync.sync.ends import End

app = typer.Typer(no_args_is_help=True, help="Compare or sync any two databases.")

_END = "A branch, `main`, or a postgresql:// URL."
Source = Annotated[str, typer.Argument(help=_END)]
Target = Annotated[str, typer.Argument(help=_END)]


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

    asked = _Asked(source=source, target=target, scope=scope, config=config, write=False, sql=sql)
    _run(Screen(as_json=as_json, debug=debug), asked, Options(hard=hard, dry_run=True))


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
        refused=frozenset(refuse or ()),
    )
    asked = _Asked(source=source, target=target, scope=scope, config=config, write=True)
    _run(screen, asked, chosen)


@dataclass(frozen=True, kw_only=True)
class _Asked:
    """The command line, as far as diff and sync share it."""

    source: str
    target: str
    scope: str | None
    config: Path | None
    write: bool
    sql: bool = False


def _run(screen: Screen, asked: _Asked, chosen: Options) -> None:
    async def work() -> int:
        from supasync.sync import compare, ends

        loaded, settings = _configuration(screen, asked)
        ref = loaded.project.ref if loaded else settings.project_ref
        ends.check(asked.source, asked.target, ref, write=asked.write)
        urls = ends.is_url(asked.source) and ends.is_url(asked.target)
        # What is written is held against production, wherever production is known.
        known = asked.write and settings.access_token is not None
        async with _client(loaded, settings, needed=known or not urls) as client:
            source, target = await _ends(asked, client, loaded)

            def show(console: Console) -> None:
                show_run(summary, console, sql=asked.sql)

            try:
                with session.reading(chosen) as (run, summary):
                    return await compare.run_comparison(
                        compare.Comparison(
                            run=run,
                            source=source,
                            target=target,
                            scope=asked.scope or ("all" if urls else "supabase"),
                            write=asked.write,
                            store=_store(loaded, settings),
                            keep=loaded.seed.function if loaded else None,
                            client=client,
                        )
                    )
            finally:
                interrupted = summary.finished is None
                if asked.write or not interrupted:  # a write may have been carried out
                    screen.show_run(summary, show)

    finish(screen, work)


def _configuration(screen: Screen, asked: _Asked) -> tuple[Config | None, Settings]:
    """Two URLs need no configuration; where there is one, it still tells what production is.

    One that is wrong counts as none only where nothing is written: it knows production.
    Raises: ConfigError.
    """
    from supasync.errors import ConfigError
    from supasync.settings import Settings
    from supasync.sync.ends import is_url

    settings = Settings.from_env(os.environ, config=asked.config)
    urls = is_url(asked.source) and is_url(asked.target)
    if urls and settings.config_file() is None:
        return None, settings
    try:
        return session.load(screen, asked.config)
    except ConfigError:
        if asked.config or asked.write or not urls:
            raise
        return None, settings


@asynccontextmanager
async def _client(
    config: Config | None, settings: Settings, *, needed: bool
) -> AsyncIterator[api.Client | None]:
    if config is None or not needed:
        yield None
    else:
        async with session.open_client(config, settings) as client:
            yield client


async def _ends(asked: _Asked, client: api.Client | None, config: Config | None) -> tuple[End, End]:
    from supasync.sync import ends, ready

    listed: tuple[api.Branch, ...] = ()
    ref = config.project.ref if config else None
    names = [
        end
        for end in (asked.source, asked.target)
        if not ends.is_url(end) and not ends.is_main(end, ref)
    ]
    if names and client and ref:
        listed = await client.branches.list(ref)

    def end(name: str) -> End:
        if ends.is_url(name) or client is None or config is None:
            return ends.url_end(name)
        if ends.is_main(name, ref):
            return ends.main_end(client, config.project.ref)
        branch = ready.find(name, listed, config)
        ready.check(branch)
        return ends.branch_end(client, branch)

    return end(asked.source), end(asked.target)


def _store(config: Config | None, settings: Settings) -> Store:
    from supasync.sync.record import NoStore

    return session.open_store(config, settings) if config else NoStore()
