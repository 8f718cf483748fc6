"""Copies what the configuration lists of production's rows to a branch, in one transaction."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace

from supasync.config import Config
from supasync.errors import SourceMoved, SqlError
from supasync.events import Notice, Phase
from supasync.ports import Database, WritableDatabase
from supasync.sync.context import Run
from supasync.sync.data import reading, tables
from supasync.sync.data.checks import Checker, check_same
from supasync.sync.data.gathering import Gathered, gather
from supasync.sync.data.masks import Masker
from supasync.sync.data.rowtext import Mark
from supasync.sync.data.rules import of_branch
from supasync.sync.data.selection import Selection
from supasync.sync.data.tables import Name
from supasync.sync.data.transaction import KIND, Transaction
from supasync.sync.lease import Lease
from supasync.sync.staging import Staging

_READINGS = 3
_NO_TABLE = "42P01"


class DataCopy:
    """The rows of one branch, made by `prepared`."""

    def __init__(
        self,
        run: Run,
        selection: Selection,
        masker: Masker,
        production: Database,
        target: WritableDatabase,
    ) -> None:
        self._run, self._selection, self._masker = run, selection, masker
        self._production, self._target, self._branch = production, target, target.name
        self._left: Sequence[Mark] = ()

    def foresee(self) -> None:
        """Tells what a sync would read."""
        for name in self._selection.rules:
            self._run.emit(self._selection.told(self._branch, name))

    async def is_current(self) -> bool:
        """Whether production and the branch have what they had after the last copy; then it is
        told. Raises: SqlError, UnknownError."""
        found = await reading.marks(self._production, self._selection.reads)
        try:
            there = await reading.marks(self._target, self._selection.copies)
            last = await self._target.fetch(
                "select json_build_array(source_fingerprint, target_fingerprint)::text"
                f" from supasync.journal where kind = '{KIND}' order by id desc limit 1"
            )
        except SqlError as error:
            if error.sqlstate == _NO_TABLE:
                return False
            raise
        now = self._selection.fingerprints(self._masker, found, there)
        if last is None or json.loads(last) != [*now]:
            return False
        self._left = there
        for name, (rows, _, _) in zip(self._selection.rules, found, strict=True):
            self._run.emit(replace(self._selection.told(self._branch, name), rows=rows))
        return True

    async def copy(self, lease: Lease, *, emptying: str | None) -> None:
        """emptying: the function that may empty the branch's tables, should rows of tables that
        are not listed refer to rows that production does not have.

        Raises: Refused, SourceMoved, ApplyError, SqlError, LeaseHeld, UnknownError.
        """
        with self._run.phase(self._branch, Phase.DATA) as note:
            if await self.is_current():
                note.text = "nothing to change"
                return
            here = await tables.describe(self._target, [*self._selection.rules])
            check_same(self._branch, here, self._selection.tables)
            transaction = Transaction(
                run=self._run,
                lease=lease,
                target=self._target,
                staging=Staging(self._target, lease),
                selection=self._selection,
                masker=self._masker,
                here=here,
            )
            gathered = await self._gather(transaction)
            filled = await transaction.perform(gathered, emptying)
            self._left = gathered.written
            self._tell(gathered, filled)
            note.text = f"{len(filled)} of {len(here)} tables, one transaction, proved"

    async def look_again(self) -> None:
        """After the seed: it may have changed what was copied, which is told."""
        found = await reading.marks(self._target, self._selection.copies)
        both = zip(self._selection.rules, found, self._left, strict=True)
        changed = [".".join(name) for name, mark, left in both if mark != left]
        if changed:
            message = f"the seed changed rows that were copied: {', '.join(changed)}"
            self._run.emit(Notice(branch=self._branch, message=message))

    async def _gather(self, to: Transaction) -> Gathered:
        """Reads until what was read is what production had at one moment."""
        for _ in range(_READINGS):
            gathered = await gather(
                self._production, self._selection, to.here, self._masker, to.staging
            )
            if gathered is not None:
                return gathered
        raise SourceMoved(
            f"{self._branch}: rows of production changed each time while they were read",
            remedy="Run the command again when these tables are quiet.",
        )

    def _tell(self, gathered: Gathered, filled: Sequence[Name]) -> None:
        told = zip(self._selection.rules, gathered.read, gathered.pages, strict=True)
        for name, (rows, _, _), pages in told:
            event = self._selection.told(self._branch, name)
            written = rows if name in filled else 0
            self._run.emit(replace(event, rows=rows, read=rows, pages=pages, written=written))


async def prepared(
    run: Run,
    config: Config,
    section: str,
    *,
    production: Database,
    target: WritableDatabase,
) -> DataCopy:
    """Looks at production's tables, at no row. section: the name of the branch's section.

    Raises: ConfigError with file, line and key, Refused, SqlError, UnknownError.
    """
    rules = of_branch(section, config.branches[section])
    with run.phase(target.name, Phase.DATA) as note:
        found = await tables.describe(production, [*rules])
        Checker(config=config, rules=rules, tables=found).check()
        note.text = f"{len(rules)} listed, no row read"
    selection = Selection(rules=rules, tables={name: found[name] for name in rules})
    key = config.masks.key.get_secret_value() if config.masks else None
    return DataCopy(run, selection, Masker(key, config.project.ref), production, target)
