"""Carries a copy out on a branch: one call under the lease, journaled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from supasync import sql
from supasync.errors import LossRefused, SqlError
from supasync.events import Notice
from supasync.ports import WritableDatabase
from supasync.sync import rows
from supasync.sync.bookkeeping import again, journal
from supasync.sync.bookkeeping.lease import Lease
from supasync.sync.bookkeeping.staging import Staging
from supasync.sync.context import Run
from supasync.sync.data import failures, reading, writing
from supasync.sync.data.gathering import Gathered
from supasync.sync.data.masks import Masker
from supasync.sync.data.selection import Selection
from supasync.sync.data.standing import KIND
from supasync.sync.data.tables import ForeignKey, Name, Table


@dataclass(frozen=True, kw_only=True)
class Transaction:
    """here: the listed tables as the branch has them. may_lose: whether rows of theirs may go."""

    run: Run
    lease: Lease
    target: WritableDatabase
    staging: Staging
    selection: Selection
    masker: Masker
    here: Mapping[Name, Table]
    may_lose: bool

    async def perform(self, gathered: Gathered, emptying: str | None) -> Sequence[Name]:
        """Fills the tables that are not what was gathered. Returns their names.

        emptying: see DataCopy.copy.
        Raises: LossRefused, ApplyError, SqlError, LeaseHeld, UnknownError.
        """
        names = [*self.selection.rules]
        before = await reading.marks(self.target, self.selection.copies)
        both = [*zip(names, before, gathered.written, strict=True)]
        filled = [name for name, mark, wanted in both if mark != wanted]
        self._check_loss([name for name, mark, wanted in both if mark[0] and mark != wanted])
        try:
            await self._write(gathered, filled)
        except SqlError as error:
            failed = error
        else:
            return filled
        others = failures.refers_from_others(failed, self._keys(filled), names)
        if not (others and emptying and await rows.can_empty(self.target, emptying)):
            raise self._explained(failed, filled) from None
        try:
            await self._write(gathered, names, rows.empty(emptying))
        except SqlError as error:
            raise self._explained(error, names) from None
        message = f"rows of the branch referred to rows that production does not have: {emptying}()"
        message += " emptied the tables first, the seed fills them again"
        self.run.emit(Notice(branch=self.target.name, message=message))
        return names

    async def _write(self, gathered: Gathered, filled: Sequence[Name], first: str = "") -> None:
        """first: SQL that goes before, in the same transaction."""
        selection = self.selection
        fingerprints = selection.fingerprints(self.masker, gathered.read, gathered.written)
        source, target = map(sql.literal, fingerprints)
        script = writing.script(
            [one for one in gathered.fillings if one.table.table in filled],
            self._keys(filled),
            selection.copies,
            gathered.written,
        )
        entry = journal.entry(self.run, KIND, source=source, target=target)
        clear = self.staging.clear() if gathered.staged else self.staging.clear_earlier()

        async def write() -> None:
            before = self.lease.fence() + journal.once(self.run, KIND) + first
            text = before + script + clear + entry + again.SAY_DONE
            again.done(await self.target.run(text))

        await journal.exactly_once(write, self.target, self.run, self.lease, KIND)

    def _check_loss(self, replaced: Sequence[Name]) -> None:
        if replaced and not self.may_lose:
            names = ", ".join(".".join(name) for name in replaced)
            raise LossRefused(
                f"{self.target.name}: rows that no copy has brought would be replaced in {names}",
                remedy="Save what you need and delete them, or allow it: leave out --no-data-loss, "
                "and allow_data_loss = true in the branch's section of config.toml.",
            )

    def _keys(self, filled: Sequence[Name]) -> tuple[ForeignKey, ...]:
        return writing.keys_of(self.here[name] for name in filled)

    def _explained(self, error: SqlError, filled: Sequence[Name]) -> Exception:
        names = [*self.selection.rules]
        return failures.explained(error, self.target.name, self._keys(filled), names)
