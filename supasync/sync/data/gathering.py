"""What was read, masked, and on its way to the branch."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from supasync import sql
from supasync.errors import UnexpectedAnswer
from supasync.ports import Database
from supasync.sync.bookkeeping.staging import Staging
from supasync.sync.data import reading
from supasync.sync.data.masks import Masker
from supasync.sync.data.rowtext import Digest, Mark, fields, record
from supasync.sync.data.selection import Selection
from supasync.sync.data.tables import Name, Table
from supasync.sync.data.writing import Filling

INLINE_BYTES = 100_000
"""Of all rows: more are staged. Escaped they may take six times as much of the call."""


@dataclass(frozen=True, kw_only=True)
class Gathered:
    """read: what came from production; written: what the branch is to have; pages: how many came.
    All in the order of the tables."""

    fillings: tuple[Filling, ...]
    read: tuple[Mark, ...]
    written: tuple[Mark, ...]
    pages: tuple[int, ...]
    staged: bool


class _Table:
    """One table's part."""

    def __init__(self, selection: Selection, name: Name, here: Table, masker: Masker) -> None:
        rule = selection.rules[name]
        self.here, self._masker = here, masker
        self.written = rule.written(selection.tables[name])
        self._read = [column for column, _ in rule.read(selection.tables[name]).columns]
        self._masks = {
            column.name: (rule.mask(column.name), column.type) for column in here.columns
        }
        self._as_is = not rule.listed.mask and len(here.columns) == len(self.written)
        self.came, self.goes = Digest(), Digest()
        self.pages: list[str] = []

    def take(self, rows: Sequence[str]) -> str:
        """A JSON array of records of all columns. Raises: ValueError."""
        self.came.add(rows)
        if self._as_is:
            self.goes.add(rows)
            return json.dumps(rows, ensure_ascii=False)
        records = [self._masked(row) for row in rows]
        self.goes.add(record([one[name] for name in self.written]) for one in records)
        every = [record([one.get(column.name) for column in self.here.columns]) for one in records]
        return json.dumps(every, ensure_ascii=False)

    def _masked(self, row: str) -> dict[str, str | None]:
        read = dict(zip(self._read, fields(row), strict=True))
        return {
            name: self._masker.value(*self._masks[name], read.get(name)) for name in self.written
        }

    def filling(self) -> Filling:
        return Filling(table=self.here, columns=self.written, pieces=tuple(self.pages))


async def gather(
    production: Database,
    selection: Selection,
    found: Sequence[Mark],
    *,
    here: Mapping[Name, Table],
    masker: Masker,
    staging: Staging,
) -> Gathered | None:
    """Reads all rows; None when they are not what was `found` before. here: the branch's tables.

    Raises: LeaseHeld, SqlError, UnknownError.
    """
    inline = sum(size for _, size, _ in found) <= INLINE_BYTES
    parts = [_Table(selection, name, here[name], masker) for name in selection.rules]
    async for page in reading.pages(production, selection.reads, found):
        part = parts[page.number]
        try:
            text = part.take(page.rows)
        except ValueError as error:
            raise UnexpectedAnswer(f"{production.name} answered rows of another form") from error
        part.pages.append(sql.dollar(text) if inline else await staging.put(text))
    read = tuple(part.came.mark() for part in parts)
    if read != tuple(found):
        return None
    return Gathered(
        fillings=tuple(part.filling() for part in parts),
        read=read,
        written=tuple(part.goes.mark() for part in parts),
        pages=tuple(len(part.pages) for part in parts),
        staged=not inline,
    )
