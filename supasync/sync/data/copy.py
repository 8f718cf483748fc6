"""Copies what the configuration lists of production's rows to a branch, in one transaction."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from supasync.config import Config
from supasync.errors import SourceMoved, SupasyncError
from supasync.events import Notice, Phase
from supasync.ports import Database, WritableDatabase
from supasync.sync.bookkeeping.lease import Lease
from supasync.sync.bookkeeping.staging import Staging
from supasync.sync.context import Run
from supasync.sync.data import reading, standing, tables
from supasync.sync.data.checks import Checker, check_same
from supasync.sync.data.gathering import Gathered, gather
from supasync.sync.data.masks import Masker
from supasync.sync.data.rowtext import Mark
from supasync.sync.data.rules import of_branch
from supasync.sync.data.selection import Selection
from supasync.sync.data.standing import Standing
from supasync.sync.data.tables import Name
from supasync.sync.data.transaction import Transaction

_READINGS = 3
_CURRENT = "nothing to change, no row read"


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

    async def needless(self) -> bool:
        """Whether production and the branch have what they had after the last copy; then it is
        told. Raises: SqlError, UnknownError."""
        with self._run.phase(self._branch, Phase.DATA) as note:
            looked = await self._look()
            note.text = _CURRENT if looked.current else "rows have changed"
        return looked.current

    async def copy(self, lease: Lease, *, emptying: str | None, may_lose: bool) -> None:
        """emptying: the function that may empty the branch's tables, should rows of tables that
        are not listed refer to rows that production does not have. may_lose: whether rows may go
        that no copy has brought.

        Raises: Refused and its kinds, SourceMoved, ApplyError, SqlError, LeaseHeld, UnknownError.
        """
        with self._run.phase(self._branch, Phase.DATA) as note:
            looked = await self._look()
            if looked.current:
                note.text = _CURRENT
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
                may_lose=may_lose or looked.ours,
            )
            try:
                gathered = await self._gather(transaction, looked.found)
                filled = await transaction.perform(gathered, emptying)
            except (SupasyncError, asyncio.CancelledError):
                await transaction.staging.discard()  # rows of production
                raise
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

    async def _look(self) -> Standing:
        looked = await standing.look(self._production, self._target, self._selection, self._masker)
        if looked.current and looked.there is not None:
            self._left = looked.there
            for name, (rows, _, _) in zip(self._selection.rules, looked.found, strict=True):
                self._run.emit(replace(self._selection.told(self._branch, name), rows=rows))
        return looked

    async def _gather(self, to: Transaction, found: Sequence[Mark]) -> Gathered:
        """Reads until what was read is what production had at one moment."""
        for _ in range(_READINGS):
            gathered = await gather(
                self._production,
                self._selection,
                found,
                here=to.here,
                masker=self._masker,
                staging=to.staging,
            )
            if gathered is not None:
                return gathered
            found = await reading.marks(self._production, self._selection.reads)
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


async def checked(config: Config, section: str, *, production: Database) -> Selection:
    """What is listed, after a look at production's tables and at no row. section: the name of the
    branch's section.

    Raises: ConfigError with file, line and key, Refused, SqlError, UnknownError.
    """
    rules = of_branch(section, config.branches[section])
    found = await tables.describe(production, [*rules])
    Checker(config=config, rules=rules, tables=found).check()
    return Selection(rules=rules, tables={name: found[name] for name in rules})


async def prepared(
    run: Run,
    config: Config,
    section: str,
    *,
    production: Database,
    target: WritableDatabase,
) -> DataCopy:
    """What was `checked`, ready to be copied. Raises: as `checked`."""
    with run.phase(target.name, Phase.DATA) as note:
        selection = await checked(config, section, production=production)
        note.text = f"{len(selection.rules)} listed, no row read"
    key = config.masks.key.get_secret_value() if config.masks else None
    return DataCopy(run, selection, Masker(key, config.project.ref), production, target)
