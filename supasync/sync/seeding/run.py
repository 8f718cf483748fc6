"""Runs the seed files on a branch: all of them in one transaction."""

from __future__ import annotations

from pathlib import Path

from supasync import sql
from supasync.errors import SeedError, SqlError, UnknownError
from supasync.events import Phase, SeedFileRun
from supasync.ports import WritableDatabase
from supasync.sync.bookkeeping import again, journal
from supasync.sync.bookkeeping.lease import Lease
from supasync.sync.context import Run
from supasync.sync.seeding.script import Place, Script

KIND = "seed"


async def run_seed(run: Run, lease: Lease, database: WritableDatabase, script: Script) -> None:
    """Raises: SeedError naming file and line, LeaseHeld, UnknownError."""
    branch = database.name
    with run.phase(branch, Phase.SEED) as note:
        # The head ends in a newline, so the script's lines are the text's minus the head's.
        head = lease.fence() + journal.once(run, KIND)
        row = journal.entry(run, KIND, source=sql.literal(script.digest), target="null")
        # The last row answered is the endpoint's answer, whatever the seed itself selects.
        tail = f"reset role;\n{row}{again.SAY_DONE}"

        async def write() -> None:
            text = lease.fence() + journal.once(run, KIND) + script.text + tail
            again.done(await database.run(text))

        try:
            await journal.exactly_once(write, database, run, lease, KIND)
        except SqlError as error:
            raise await placed(error, script, database, head.count("\n")) from error
        for file in script.files:
            count = None if file.parsed is None else len(file.parsed)
            run.emit(SeedFileRun(branch=branch, file=_shown(file.path), statements=count))
        note.text = "one transaction"


async def placed(
    error: SqlError, script: Script, database: WritableDatabase, head_lines: int
) -> SeedError:
    """The error with the file and the line where it happened.

    head_lines: how many lines of the text that was sent are before the script.
    """
    return told(error, await place_of(error, script, database, head_lines))


async def place_of(
    error: SqlError, script: Script, database: WritableDatabase, head_lines: int
) -> Place | None:
    """Where it happened; None when that is not known, or not in the script."""
    place = script.at_line(error.line - head_lines) if error.line else None
    if place is None or place.line is None:
        place = await _marked(script, database) or place
    return place


def told(error: SqlError, place: Place | None) -> SeedError:
    lines = [f"{place}: {error.message}" if place else error.message]
    lines += [f"  {part}" for part in (error.detail, error.context) if part]
    if error.hint:
        lines.append(f"  Hint: {error.hint}")
    return SeedError(
        "\n".join(lines),
        remedy="The seed's transaction was rolled back: the branch's rows are as before. "
        "Correct the file and run the command again.",
    )


async def _marked(script: Script, database: WritableDatabase) -> Place | None:
    """The place of the last marker that was passed; None when it cannot be read any more."""
    try:
        answer = await database.fetch("select last_value::text from supasync.seed_position")
    except UnknownError:
        return None
    return script.at_marker(int(answer)) if answer else None


def _shown(path: Path) -> str:
    """Relative to the working folder when it is below it, for people."""
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)
