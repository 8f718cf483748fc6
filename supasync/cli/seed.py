"""`supasync seed`: run the seed alone, check it, and make one of a branch's rows."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from supasync.cli import options, session
from supasync.cli.branches import run_job, show_run
from supasync.cli.running import finish
from supasync.cli.screen import Screen, for_programs
from supasync.errors import ProductionGuard, UnknownError, UsageError

if TYPE_CHECKING:
    from supasync.config import Config
    from supasync.sync.context import Run
    from supasync.sync.ends import End
    from supasync.sync.seeding.script import Script

app = typer.Typer(no_args_is_help=True, help="The seed of the branches.")

_DIFFERENT = 1


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

    The account_column of [profiles] gets the ids of the test users' accounts again. Exit code 7: a
    seed failed; the branch's rows are as they were. 8: that column could not be written.
    """
    from supasync.sync import job
    from supasync.sync.context import Options

    screen = Screen(as_json=as_json, debug=debug)
    run_job(screen, job.SEED_RUN, config_file=config, names=names, chosen=Options(), show=show_run)


@app.command()
def check(
    names: options.Names = None,
    *,
    syntax_only: Annotated[
        bool,
        typer.Option("--syntax-only", help="Only parse the files: without network and secrets."),
    ] = False,
    as_json: options.Json = False,
    config: options.ConfigFile = None,
    debug: options.Debug = False,
) -> None:
    """Run the seed twice on branches, in a transaction that is rolled back, and compare the rows.

    Nothing stays. Exit code 0: the second run changes nothing, 1: it does, 7: the seed fails,
    8: the account_column of [profiles] cannot be written after it.
    """
    screen = Screen(as_json=as_json, debug=debug)

    async def work() -> int:
        from supasync.cli import ends
        from supasync.report.seeding import print_check
        from supasync.sync import pipeline

        loaded, settings = session.load(screen, config, variables=not syntax_only)
        targets = pipeline.targets(names or (), loaded)
        scripts = pipeline.scripts(loaded, targets)
        if missing := [name for name in targets if name not in scripts]:
            raise UsageError(
                f"There is no seed for {', '.join(missing)}",
                remedy='Add a section [seed] with paths = ["seeds/*.sql"] to the configuration.',
            )
        if syntax_only:
            _show_parsed(screen, scripts)
            return 0
        asked = ends.Asked(names=targets, scope=None, config=config)
        async with session.open_client(loaded, settings) as client:
            found = await ends.find(asked, client, loaded)
            checked = [
                await _checked(session.telling(screen), name, end, scripts[name], loaded)
                for name, end in zip(targets, found, strict=True)
            ]
        screen.show({"branches": checked}, lambda console: print_check(checked, console))
        return 0 if all(each["same"] for each in checked) else _DIFFERENT

    finish(screen, work)


def _show_parsed(screen: Screen, scripts: Mapping[str, Script]) -> None:
    """Raises: UnknownError where no parser is installed."""
    found = [each for script in scripts.values() for each in script.files]
    if any(each.is_sql and each.parsed is None for each in found):
        raise UnknownError(
            "There is no parser here that could read the seed files", remedy="Install postgast."
        )
    files = sorted({str(each.path) for each in found})
    text = "\n".join(f"{file}: can be parsed" for file in files)
    screen.show({"parsed": files}, lambda console: console.print(text, markup=False))


async def _checked(run: Run, name: str, end: End, script: Script, config: Config) -> dict[str, Any]:
    from dataclasses import asdict

    from supasync.sync.logins import linking
    from supasync.sync.seeding.rehearsal import named, rehearse

    if end.writable is None:
        raise ProductionGuard(f"{name} is production; a seed is never run there")
    after = linking.after_seed(config)
    tables = await rehearse(
        run, end.writable, script, timely=script.timely, twice=True, after=after
    )
    own = named(script, tables)
    rows = [
        {**asdict(each), "by_seed": each in own, "same": not (each.missing or each.extra)}
        for each in tables
    ]
    same = all(row["same"] for row in rows if row["by_seed"])
    return {"name": name, "ref": end.key, "same": same, "tables": rows}


@app.command()
def capture(
    name: options.Name,
    tables: Annotated[
        list[str], typer.Argument(metavar="TABLE...", help="As schema.table.", show_default=False)
    ],
    *,
    output: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="A new file; else stdout.", show_default=False),
    ] = None,
    limit: Annotated[
        int, typer.Option(min=1, max=100_000, help="More rows of a table are refused.")
    ] = 1_000,
    config: options.ConfigFile = None,
    debug: options.Debug = False,
) -> None:
    """Write rows of a branch, never of production, as a seed file that can be run again.

    Each row is inserted, or updated where its primary key is there. Tables that others refer to
    come first. What refers to the account of a test user does so by the e-mail address.
    """
    screen = Screen(as_json=False, debug=debug)

    async def work() -> int:
        from supasync.cli import ends
        from supasync.sync import pipeline
        from supasync.sync.seeding import capture as captures

        loaded, settings = session.load(screen, config)
        [target] = pipeline.targets([name], loaded)
        chosen = captures.chosen(tables)
        captures.check_file(output)
        asked = ends.Asked(names=(target,), scope=None, config=config)
        async with session.open_client(loaded, settings) as client:
            [end] = await ends.find(asked, client, loaded)
            captures.check_own(chosen, end)
            found = await captures.capture(end.database, chosen, limit=limit, emails=loaded.emails)
        for note in found.notes:
            screen.tell(note)
        if output is None:
            for_programs()
            typer.echo(found.text, nl=False)
            return 0
        captures.write(output, found.text)
        screen.tell(f"{output}: {', '.join(f'{count} of {table}' for table, count in found.rows)}")
        return 0

    finish(screen, work)
