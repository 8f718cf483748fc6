"""`supasync config`: show, check, schema."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from supasync.cli import options, session
from supasync.cli.running import finish
from supasync.cli.screen import Screen
from supasync.errors import ConfigError

if TYPE_CHECKING:
    from supasync.config import Config

app = typer.Typer(no_args_is_help=True, help="The configuration: what it says, and whether.")


@app.command()
def show(
    *,
    as_json: options.Json = False,
    config: options.ConfigFile = None,
    debug: options.Debug = False,
) -> None:
    """Show what counts: the file, variables put in, and defaults. Secrets are masked.

    Where a secret's variable is not set, what needs it is left out, and that is told.
    """
    screen = Screen(as_json=as_json, debug=debug)

    async def work() -> int:
        from supasync.config.shown import flat, shown

        loaded = _as_far_as_possible(screen, config)
        document = shown(loaded)
        screen.show(
            {"file": str(loaded.file), **document},
            lambda console: console.print(
                "\n".join(
                    f"{key} = {json.dumps(value, ensure_ascii=False)}"
                    for key, value in flat(document)
                ),
                markup=False,
                soft_wrap=True,
            ),
        )
        return 0

    finish(screen, work)


def _as_far_as_possible(screen: Screen, file: Path | None) -> Config:
    """Raises: ConfigError for what is wrong besides secrets that are not here."""
    try:
        return session.load(screen, file, users=True, service=True)[0]
    except ConfigError as error:
        loaded, _ = session.load(screen, file)
        screen.tell(f"Left out is what needs secrets, such as test users and webhooks: {error}")
        return loaded


@app.command()
def check(
    *,
    as_json: options.Json = False,
    no_secrets: Annotated[
        bool,
        typer.Option("--no-secrets", help="As if variables that are not set were, and well."),
    ] = False,
    config: options.ConfigFile = None,
    debug: options.Debug = False,
) -> None:
    """Check the whole file, all variables and the seed files. Needs no network.

    Exit code 0: all is well, 2: it is not, with file, line, key and what to do, 7: a seed file.
    """
    screen = Screen(as_json=as_json, debug=debug)

    async def work() -> int:
        from supasync.sync import pipeline

        loaded, _ = session.load(screen, config, users=True, service=True, variables=not no_secrets)
        seeds = pipeline.scripts(loaded, tuple(loaded.branches))
        document = {
            "file": str(loaded.file),
            "branches": list(loaded.branches),
            "seeded": sorted(seeds),
            "test_users": [user.email for user in loaded.test_users],
            "warnings": list(loaded.warnings),
        }
        text = (
            f"{loaded.file} is well: branches {', '.join(loaded.branches) or '(none)'};"
            f" test users: {len(loaded.test_users)}"
        )
        screen.show(document, lambda console: console.print(text, markup=False, soft_wrap=True))
        return 0

    finish(screen, work)


@app.command()
def schema(*, debug: options.Debug = False) -> None:
    """Print the JSON Schema of config.toml, for editors."""
    screen = Screen(as_json=True, debug=debug)

    async def work() -> int:
        from supasync.config.schema import json_schema

        screen.show(json_schema(), lambda _: None)
        return 0

    finish(screen, work)
