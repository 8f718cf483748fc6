"""Runs the seed files on a branch: all of them in one transaction."""

from __future__ import annotations

from pathlib import Path

from supasync import sql
from supasync.errors import SqlError, UnexpectedAnswer
from supasync.events import Phase, SeedFileRun, TableSeeded
from supasync.ports import WritableDatabase
from supasync.sync.bookkeeping import again, journal
from supasync.sync.bookkeeping.lease import Lease
from supasync.sync.bookkeeping.staging import Staging
from supasync.sync.context import Run
from supasync.sync.seeding import failures, sending, written
from supasync.sync.seeding.script import Script, SeedFile

KIND = "seed"


async def run_seed(run: Run, lease: Lease, database: WritableDatabase, script: Script) -> None:
    """Raises: SeedError naming file and line, LeaseHeld, UnknownError."""
    branch = database.name
    with run.phase(branch, Phase.SEED) as note:
        row = journal.entry(run, KIND, source=sql.literal(script.digest), target="null")
        # The last row answered is the endpoint's answer, whatever the seed itself selects.
        tail = written.COUNT + row + written.TELL
        seed, staging, direct = sending.whole(script), Staging(database, lease), True
        if not database.fits(lease.fence() + journal.once(run, KIND) + seed + tail):
            seed, direct = await sending.staged(script, staging), False
            tail = staging.clear() + tail

        async def write() -> tuple[TableSeeded, ...]:
            text = lease.fence() + journal.once(run, KIND) + seed + tail
            return _tables(branch, await database.run(text))

        # The head ends in a newline, so the script's lines are the text's minus the head's.
        head = lease.fence() + journal.once(run, KIND) + sending.head(script)
        try:
            tables = await journal.exactly_once(write, database, run, lease, KIND)
        except SqlError as error:
            lines = head.count("\n") if direct else None
            raise await failures.placed(error, script, database, lines) from None
        for file in script.files:
            run.emit(_told(branch, file))
        for table in tables or ():
            run.emit(table)
        note.text = "one transaction"


def _tables(branch: str, answer: str | None) -> tuple[TableSeeded, ...]:
    """Raises: UnexpectedAnswer."""
    found = again.row(answer, "tables")["tables"]
    try:
        return tuple(TableSeeded(branch=branch, **each) for each in found)
    except TypeError as error:
        raise UnexpectedAnswer(f"{branch} did not tell which tables were seeded") from error


def _told(branch: str, file: SeedFile) -> SeedFileRun:
    if not file.is_sql:
        rows = sum(len(each.rows) for each in file.rows)
        return SeedFileRun(branch=branch, file=_shown(file.path), statements=None, rows=rows)
    count = None if file.parsed is None else len(file.parsed)
    return SeedFileRun(branch=branch, file=_shown(file.path), statements=count)


def _shown(path: Path) -> str:
    """Relative to the working folder when it is below it, for people."""
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)
