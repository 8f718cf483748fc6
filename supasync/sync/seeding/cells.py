"""Which field of a file's row an error of the server is about, as far as its words tell."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from supasync.errors import SqlError
from supasync.sync.seeding import tabular
from supasync.sync.seeding.tabular import Cell

_COLUMN = re.compile(r'\bcolumn "(.+?)"')
_KEY = re.compile(r'\(("(?:[^"]|"")+"|[^",()]+)[^()]*\)=\(')
_VALUE = re.compile(r'"(.*)"', re.DOTALL)
_OF_THE_TABLE = frozenset({"42703", "428C9", "42701"})
"""What is wrong is that the column is named at all."""


def find(path: Path, text: str, at: int, error: SqlError) -> tuple[int, int] | None:
    """1-based line and column of the field. text: the file's; at: where the row begins in it.

    None when the words name no column of the row, and no value that one field alone has.
    """
    cells = dict(_cells(path, text, at))
    column = _COLUMN.search(error.message) or _KEY.search(error.detail or "")
    if column is not None:
        name = column[1].removeprefix('"').removesuffix('"').replace('""', '"')
        cell = cells.get(name)
        if path.suffix.lower() == ".csv" and error.sqlstate in _OF_THE_TABLE:
            cell = dict(_header(path, text)).get(name)
    else:
        value = _VALUE.search(error.message)
        having = [each for each in cells.values() if value and each.text == value[1]]
        cell = having[0] if len(having) == 1 else None
    return tabular.place(text, cell.at) if cell else None


def _cells(path: Path, text: str, at: int) -> Iterator[tuple[str, Cell]]:
    if path.suffix.lower() != ".csv":
        yield from tabular.members(text, at)
        return
    row = next(tabular.records(path, text, at))
    for (name, _), cell in zip(_header(path, text), row.cells, strict=True):
        yield name, cell


def _header(path: Path, text: str) -> Iterator[tuple[str, Cell]]:
    for cell in next(tabular.records(path, text)).cells:
        yield cell.text or "", cell
