"""Production's rows, page by page, held against digests of one moment."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Any

from supasync.errors import Refused, UnexpectedAnswer
from supasync.ports import Database
from supasync.sync.data.asking import Marks, Page, Read
from supasync.sync.data.rowtext import Mark

PAGE_BYTES = 2_000_000
PAGE_ROWS = 20_000


@dataclass(frozen=True, kw_only=True)
class Part:
    """One page. number: of its table."""

    number: int
    rows: tuple[str, ...]


async def marks(database: Database, reads: Sequence[Read]) -> tuple[Mark, ...]:
    """Of all reads at one moment: one statement, so one snapshot.

    Raises: Refused for what is no table any more, SqlError, UnknownError.
    """
    answer = await database.fetch(Marks(reads=tuple(reads)).text())
    try:
        found = [(rows, int(size), str(digest)) for _, rows, size, digest in _list(answer)]
    except (TypeError, ValueError) as error:
        raise _not_rows(database) from error
    if len(found) != len(reads):
        raise _not_rows(database)
    for read, (rows, _, _) in zip(reads, found, strict=True):
        if not isinstance(rows, int):
            raise Refused(
                f"{database.name}: {'.'.join(read.table)} is no table any more",
                remedy="Run the command again when the change there is finished.",
            )
    return tuple(found)


async def pages(
    database: Database, reads: Sequence[Read], expected: Sequence[Mark]
) -> AsyncIterator[Part]:
    """The rows of each read, as many as were `expected`. Raises: SqlError, UnknownError."""
    for number, (read, (rows, size, _)) in enumerate(zip(reads, expected, strict=True)):
        step = max(1, min(PAGE_ROWS, PAGE_BYTES * rows // max(size, 1)))
        for offset in range(0, rows, step):
            page = Page(read=read, offset=offset, limit=min(step, rows - offset))
            answer = await database.fetch(page.text())
            try:
                found = _list(answer)
            except (TypeError, ValueError) as error:
                raise _not_rows(database) from error
            if not all(isinstance(row, str) for row in found):
                raise _not_rows(database)
            yield Part(number=number, rows=tuple(found))


def _list(answer: str | None) -> list[Any]:
    """Raises: TypeError, ValueError."""
    found = json.loads(answer or "")
    if not isinstance(found, list):
        raise TypeError
    return found


def _not_rows(database: Database) -> UnexpectedAnswer:
    return UnexpectedAnswer(f"{database.name} did not answer with rows as they were asked for")
