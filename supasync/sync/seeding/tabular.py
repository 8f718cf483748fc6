"""Rows of a table in a .csv or .json file, each with its line.

A .csv file is as COPY … WITH (FORMAT csv, HEADER) reads it: an empty field is null, `""` is an
empty text. The csv module of Python 3.11 does not tell these apart, nor on which line a row is.
A .json file is an array of objects: null is null, and what an object does not name has its default.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

from supasync.errors import SeedError
from supasync.sync.data.rowtext import record

_NAME = re.compile(r"(?:\d+[_-])?(?P<schema>[^.]+)\.(?P<table>[^.]+)\Z")
_FIELD = re.compile(r'"((?:[^"]|"")*)"|([^",\r\n]*)')
_END = re.compile(r",|\r\n|\n|\r|\Z")
_BLANK = re.compile(r"[ \t\r\n]*")
_NOTHING = "Nothing was sent. "


@dataclass(frozen=True)
class Row:
    """text: a record literal of the columns, or a JSON object. at: where it begins in the file."""

    line: int
    text: str = field(repr=False)
    at: int = 0


@dataclass(frozen=True)
class Rows:
    """Rows that give values to the same columns. as_json: their texts are JSON objects."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    as_json: bool


def is_tabular(path: Path) -> bool:
    return path.suffix.lower() in {".csv", ".json"}


def table_of(path: Path) -> tuple[str, str]:
    """Schema and table that a file is called by. Raises: SeedError."""
    match = _NAME.match(path.stem)
    if match is None:
        raise SeedError(
            f"{path}: whose rows these are cannot be told from its name",
            remedy=f"Call it SCHEMA.TABLE{path.suffix}, with a number before it where the order "
            f"matters (20_public.users{path.suffix}), or name the table in [seed.tables].",
        )
    return match["schema"], match["table"]


def read(path: Path, text: str) -> tuple[Rows, ...]:
    """The file's rows in their order. Raises: SeedError with line and column."""
    return _csv(path, text) if path.suffix.lower() == ".csv" else _json(path, text)


def _csv(path: Path, text: str) -> tuple[Rows, ...]:
    lines = records(path, text)
    header = next(lines, None)
    if header is None:
        raise SeedError(
            f"{path}:1: has no header", remedy=_NOTHING + "Write the columns' names first."
        )
    columns = tuple(cell.text or "" for cell in header.cells)
    _check_header(path, columns)
    rows = []
    for line, at, cells in lines:
        if len(cells) != len(columns):
            raise SeedError(
                f"{path}:{line}: has {len(cells)} fields, and the header {len(columns)}",
                remedy=_NOTHING + "Quote a field with a comma in it; an empty field is null.",
            )
        rows.append(Row(line, record([cell.text for cell in cells]), at))
    return (Rows(columns, tuple(rows), as_json=False),) if rows else ()


def _check_header(path: Path, columns: Sequence[str]) -> None:
    for number, name in enumerate(columns):
        what = "has no name" if not name else "is named twice" if name in columns[:number] else ""
        if what:
            raise SeedError(
                f"{path}:1: column {number + 1} {what}",
                remedy=_NOTHING + "The first line has the names of the columns, each once.",
            )


@dataclass(frozen=True)
class Cell:
    """text: None for null. at: where it begins in the file."""

    text: str | None
    at: int


class Record(NamedTuple):
    """line, at: where it begins."""

    line: int
    at: int
    cells: list[Cell]


def records(path: Path, text: str, at: int = 0) -> Iterator[Record]:
    """The records from `at` on, where one begins, of which the line is called the first. Blank
    lines are passed over. Raises: SeedError."""
    line = 1
    while at < len(text):
        first, begin, cells = line, at, list[Cell]()
        while True:
            found = _FIELD.match(text, at)
            quoted, plain = found.groups() if found else (None, None)
            end = _END.match(text, found.end()) if found else None
            if found is None or end is None:
                raise _no_field(path, text, found.end() if found else at)
            value = quoted.replace('""', '"') if quoted is not None else plain or None
            cells.append(Cell(value, at))
            line += (quoted or "").count("\n")
            at = end.end()
            if end[0] != ",":
                break
        line += end[0] != ""
        if text[begin : end.start()]:
            yield Record(first, begin, cells)


def members(text: str, at: int) -> Iterator[tuple[str, Cell]]:
    """The keys of the JSON object that begins at `at`, which was read before, with their values:
    a text's own letters, all else as it is written."""
    decoder = json.JSONDecoder()
    at = _skip(text, at + 1)
    while text[at] != "}":
        key, end = decoder.raw_decode(text, at)
        at = _skip(text, _skip(text, end) + 1)
        value, end = decoder.raw_decode(text, at)
        yield key, Cell(value if isinstance(value, str) else text[at:end], at)
        at = _skip(text, end)
        at = _skip(text, at + 1) if text[at] == "," else at


def _no_field(path: Path, text: str, at: int) -> SeedError:
    line, column = place(text, at)
    return SeedError(
        f"{path}:{line}:{column}: a quote is out of place",
        remedy=_NOTHING
        + 'A field with a quote in it is quoted whole, and the quote doubled: "a ""b""".',
    )


def _json(path: Path, text: str) -> tuple[Rows, ...]:
    return tuple(
        Rows(tuple(columns), tuple(row for row, _ in group), as_json=True)
        for columns, group in groupby(_objects(path, text), key=lambda each: each[1])
    )


def _objects(path: Path, text: str) -> Iterator[tuple[Row, list[str]]]:
    """Each object of the array, with its keys. Its text stays as it is: no number is rounded."""
    at = _skip(text, 0)
    if text[at : at + 1] != "[":
        raise _no_json(path, text, at, "the rows are expected as an array of objects")
    at = _skip(text, at + 1)
    decoder = json.JSONDecoder(object_pairs_hook=_pairs, parse_constant=_no_constant)
    line, counted = 1, 0
    while text[at : at + 1] != "]":
        try:
            value, end = decoder.raw_decode(text, at)
        except json.JSONDecodeError as error:
            raise _no_json(path, text, error.pos, error.msg) from error
        except (ValueError, RecursionError) as error:
            raise _no_json(path, text, at, str(error)) from error
        if not isinstance(value, _Object) or not value.keys:
            raise _no_json(path, text, at, "an object with the row's columns is expected")
        line += text.count("\n", counted, at)
        counted = at
        yield Row(line, text[at:end], at), value.keys
        at = _skip(text, end)
        if text[at : at + 1] == ",":
            at = _skip(text, at + 1)
        elif text[at : at + 1] != "]":
            raise _no_json(path, text, at, "a comma or the end of the array is expected")
    if (end := _skip(text, at + 1)) != len(text):
        raise _no_json(path, text, end, "there is more after the end of the array")


@dataclass(frozen=True)
class _Object:
    keys: list[str]


def _pairs(pairs: list[tuple[str, Any]]) -> _Object:
    keys = [key for key, _ in pairs]
    twice = next((key for number, key in enumerate(keys) if key in keys[:number]), None)
    if twice is not None:
        raise ValueError(f"{json.dumps(twice)} is there twice")
    return _Object(keys)


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _no_json(path: Path, text: str, at: int, what: str) -> SeedError:
    line, column = place(text, at)
    return SeedError(
        f"{path}:{line}:{column}: {what}",
        remedy=_NOTHING + 'Write the rows as [{"id": 1, "name": "…"}, …].',
    )


def _skip(text: str, at: int) -> int:
    blank = _BLANK.match(text, at)
    return blank.end() if blank else at


def place(text: str, at: int) -> tuple[int, int]:
    """1-based line and column."""
    return text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)
