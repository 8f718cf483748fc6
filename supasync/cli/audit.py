"""`supasync audit`: what was sent to production."""

from __future__ import annotations

import os
from collections import deque
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from supasync.cli import options, session
from supasync.cli.running import finish
from supasync.cli.screen import Screen
from supasync.errors import UsageError

if TYPE_CHECKING:
    from supasync.api import Entry, Verification

app = typer.Typer(no_args_is_help=True, help="Every statement that was sent to production.")

_ALTERED = 1


@app.command()
def show(
    line: Annotated[
        int | None,
        typer.Argument(
            metavar="[LINE]", min=1, help="Print this line's statement.", show_default=False
        ),
    ] = None,
    *,
    last: Annotated[int, typer.Option(metavar="N", min=1, help="How many, the newest.")] = 20,
    as_json: options.Json = False,
    config: options.ConfigFile = None,
    debug: options.Debug = False,
) -> None:
    """List what was sent to production, or print one statement letter for letter.

    `supasync audit verify` tells whether the log is whole.
    """
    screen = Screen(as_json=as_json, debug=debug)

    async def work() -> int:
        log = _log(config)
        if line is not None:
            _show_statement(screen, log, line)
        else:
            _show_list(screen, log, last)
        return 0

    finish(screen, work)


@app.command()
def verify(
    *,
    head: Annotated[
        list[str] | None,
        typer.Option(
            metavar="HASH",
            help="A head that an earlier `audit verify` printed; may be repeated.",
            show_default=False,
        ),
    ] = None,
    as_json: options.Json = False,
    config: options.ConfigFile = None,
    debug: options.Debug = False,
) -> None:
    """Check that no line of the log was changed, removed, added or moved, and that every statement
    is one of supasync's own: of the system catalogs, or of rows that the configuration listed.

    Exit code 0: the log is whole, 1: it is not, 2: wrong usage, or there is no log.
    """
    screen = Screen(as_json=as_json, debug=debug)

    async def work() -> int:
        from supasync import api
        from supasync.sync.asked import engine, understand

        log = _log(config)
        found = api.verify(log, understand, engine=engine(), heads=head or ())
        document = {
            "log": str(log),
            "whole": found.problem is None,
            "entries": found.entries,
            "matched": found.matched,
            "other_versions": found.others,
            "head": found.head,
            "problem": found.problem,
        }
        screen.show(document, lambda console: console.print(_told(log, found), soft_wrap=True))
        return 0 if found.problem is None else _ALTERED

    finish(screen, work)


def _told(log: Path, found: Verification) -> str:
    if found.problem:
        return f"{log} was tampered with or damaged.\n{found.problem}\ngood before: {found.entries}"
    others = f"; {found.others} of another version, which alone can match them"
    return (
        f"{log} is whole: {found.entries} statements, {found.matched} of them supasync's own "
        f"queries{others if found.others else ''}\nhead: {found.head}"
    )


def _log(config_file: Path | None) -> Path:
    """Raises: UsageError when there is none."""
    from supasync.settings import Settings

    settings = Settings.from_env(os.environ, config=config_file)
    log = session.production_log(settings.config_file(), settings)
    if not log.exists() and not log.with_name(log.name + ".d").exists():
        raise UsageError(
            f"There is no log {log}: from here nothing was sent to production.",
            remedy="Go to the folder of config.toml, or name it with --config; or set "
            "SUPASYNC_STATE_DIR.",
        )
    return log


def _show_list(screen: Screen, log: Path, last: int) -> None:
    from supasync import api
    from supasync.report.audit import print_log

    newest = deque(enumerate(api.read_log(log), start=1), maxlen=last)
    rows = [_row(number, entry) for number, entry in newest]
    screen.show({"log": str(log), "entries": rows}, lambda console: print_log(rows, console))


def _row(number: int, entry: Entry | None) -> dict[str, Any]:
    return {
        "line": number,
        "at": entry and entry.at,
        "project": entry and entry.project,
        "query": entry and entry.query,
        "sha256": entry and entry.sha256,
        "hash": entry and entry.hash,
    }


def _show_statement(screen: Screen, log: Path, line: int) -> None:
    """Raises: UsageError."""
    from supasync import api

    found = dict(enumerate(api.read_log(log), start=1))
    entry = found.get(line)
    sql = entry and api.statement_text(log, entry)
    if entry is None or sql is None:
        raise UsageError(
            f"{log} has no line {line}" if line not in found else f"{log}: line {line} is damaged",
            remedy="See `supasync audit show` and `supasync audit verify`.",
        )
    screen.show({**_row(line, entry), "sql": sql}, lambda console: print(sql, file=console.file))
