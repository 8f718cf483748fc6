"""Seed files as one script, and the script's positions as lines of the files.

The files are never split in order to be executed: the script is their text, in order. Between
statements it only gains markers, on the lines that are there, which record in a sequence how far
it came. A sequence keeps its value when the transaction rolls back, so the statement that failed
is known even where PostgreSQL tells no line (a constraint, a division by zero).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from supasync import sql
from supasync.errors import SeedError
from supasync.sync.seeding import filling, tabular, variables
from supasync.sync.seeding.check import Statement, statements
from supasync.sync.seeding.tabular import Rows
from supasync.sync.seeding.variables import Values

_TIME = re.compile(
    r"\b(now\s*\(|current_(date|time|timestamp)\b|local(time|timestamp)\b"
    r"|(clock|statement|transaction)_timestamp\s*\()",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Place:
    """A line of a seed file, or of no file: the seed function's call. at: where the row begins in a
    file of rows."""

    file: Path
    line: int | None = None
    call: str = ""
    column: int | None = None
    at: int | None = None

    def __str__(self) -> str:
        if self.call:
            return f"{self.call}, called after {self.file}"
        numbers = (str(number) for number in (self.line, self.column) if number)
        return ":".join((str(self.file), *numbers))


@dataclass(frozen=True)
class SeedFile:
    """text: as SQL, with tokens in the place of variables. parsed: its statements, or None when no
    parser is installed. table, rows: what a .csv or .json file has instead; source: its text."""

    path: Path
    text: str
    parsed: tuple[Statement, ...] | None
    table: tuple[str, str] | None = None
    rows: tuple[Rows, ...] = ()
    source: str = field(default="", repr=False)

    @property
    def is_sql(self) -> bool:
        return self.table is None


@dataclass(frozen=True)
class Script:
    """parts: the text in parts of whole statements. places: by marker, 1-based. lines: the place
    of each line of the text. quiet: triggers do not fire meanwhile."""

    parts: tuple[str, ...]
    files: tuple[SeedFile, ...]
    places: tuple[Place, ...]
    lines: tuple[Place, ...]
    values: Values = field(repr=False)
    quiet: bool = False

    @property
    def text(self) -> str:
        """What is sent, but for the values of variables."""
        return "".join(self.parts)

    @property
    def digest(self) -> str:
        """Identifies what is sent, but for the values of variables."""
        return hashlib.sha256(self.text.encode() + b"quiet" * self.quiet).hexdigest()

    @property
    def timely(self) -> bool:
        """Whether it uses the current time."""
        return any(_TIME.search(file.text) for file in self.files)

    @property
    def empty(self) -> bool:
        """Whether there is nothing to run: comments at most. Without a parser nobody can tell."""
        told = all(file.parsed is not None for file in self.files)
        return told and not any(place.line or place.call for place in self.places)

    def at_line(self, line: int) -> Place | None:
        """The place of a 1-based line of `text`."""
        return self.lines[line - 1] if 0 < line <= len(self.lines) else None

    def column(self, line: int, column: int) -> int | None:
        """The file's column of one of a line of `text` as it was sent; None when it is not known:
        in a marker, or where the value of a variable stands on the line."""
        sent = self.text.split("\n")[line - 1]
        if any(variables.token(name) in sent for name in self.values.names):
            return None
        markers = [each for each in _MARKERS.finditer(sent) if each.start() < column]
        if any(each.end() >= column for each in markers):
            return None
        return column - sum(len(each[0]) for each in markers)

    def at_marker(self, marker: int) -> Place | None:
        return self.places[marker - 1] if 0 < marker <= len(self.places) else None


def read(
    paths: Sequence[Path],
    *,
    values: Values | None = None,
    tables: Mapping[Path, str] | None = None,
) -> tuple[SeedFile, ...]:
    """Reads and checks the files. tables: whose rows a file has that is not called by its table.

    Raises: SeedError naming file, line and column.
    """
    known = values.names if values else ()
    return tuple(_read(path, known, (tables or {}).get(path)) for path in paths)


def _read(path: Path, known: Sequence[str], table: str | None) -> SeedFile:
    text = _text(path)
    if tabular.is_tabular(path):
        named = sql.names(table) if table else tabular.table_of(path)
        return SeedFile(path, "", (), (named[0], named[1]), tabular.read(path, text), text)
    found = variables.places(path, text, known)
    parsed = statements(path, variables.blanked(text, found))
    if not found or parsed is None:
        return SeedFile(path, text, parsed)
    return _with_tokens(path, text, parsed, found)


def _with_tokens(
    path: Path, text: str, parsed: Sequence[Statement], found: Sequence[tuple[int, int, str]]
) -> SeedFile:
    """A token is longer than its variable: what follows on it moves."""
    raw, parts, done, moved = text.encode(), list[bytes](), 0, list[tuple[int, int]]()
    for start, end, name in found:
        put = variables.token(name).encode()
        parts += [raw[done:start], put]
        done = end
        moved.append((end, len(put) - (end - start)))
    parts.append(raw[done:])
    shifted = tuple(
        Statement(each.start + sum(by for end, by in moved if end <= each.start), each.line)
        for each in parsed
    )
    return SeedFile(path, b"".join(parts).decode(), shifted)


def _text(path: Path) -> str:
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise SeedError(f"{path}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        message = f"{path}: is not UTF-8 (byte {error.start})"
        raise SeedError(message, remedy="Save the file as UTF-8.") from error
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise SeedError(
            f"{path}:{line}: has a NUL character, which PostgreSQL cannot store",
            remedy="Nothing was sent. Take it out; binary data is written in hexadecimal.",
        )
    return text.replace("\r\n", "\n") if path.suffix.lower() == ".sql" else text


def compose(
    files: Sequence[SeedFile],
    function: str | None,
    *,
    values: Values | None = None,
    quiet: bool = False,
) -> Script:
    """The script; `function` (`schema.name`, without arguments) is called once, after the first
    file after which it exists."""
    parts: list[str] = []
    places: list[Place] = []
    lines: list[Place] = []

    def add(text: str, *where: Place) -> None:
        parts.append(text)
        lines.extend(where)

    for file in files:
        places.append(Place(file.path))
        # As psql would run it, a file starts with the session's role and search_path.
        add(_marker(len(places)) + "reset role;reset search_path;\n", Place(file.path))
        for text, where in _sql(file, places) if file.is_sql else _filled(file, places):
            add(text, *where)
        if function:
            places.append(Place(file.path, call=function + "()"))
            call = _marker(len(places)) + "\n" + _call(function)
            add(call, *([places[-1]] * call.count("\n")))
    return Script(
        tuple(parts), tuple(files), tuple(places), tuple(lines), values or Values({}), quiet
    )


def _sql(file: SeedFile, places: list[Place]) -> Iterator[tuple[str, list[Place]]]:
    """The file's text, with a marker before each statement; each part with the lines it ends."""
    raw, line = file.text.rstrip().encode(), 1

    def ended(text: str) -> list[Place]:
        nonlocal line
        line += text.count("\n")
        return [Place(file.path, each) for each in range(line - text.count("\n"), line)]

    parsed = file.parsed or ()
    starts = [*(each.start for each in parsed), len(raw)]
    first = raw[: starts[0]].decode()
    yield first, ended(first)
    for statement, end in zip(parsed, starts[1:], strict=True):
        places.append(Place(file.path, statement.line))
        text = _marker(len(places)) + raw[statement.start : end].decode()
        yield text, ended(text)
    # The semicolon ends a last statement without one; on a line of its own, since a comment
    # may be open at the end of the text.
    yield "\n;\n", [Place(file.path, line)] * 2


def _filled(file: SeedFile, places: list[Place]) -> Iterator[tuple[str, list[Place]]]:
    for rows in file.rows:
        for page in filling.pages(rows):
            marker = len(places) + 1
            places += [Place(file.path, row.line, at=row.at) for row in page.rows]
            first = places[marker - 1]
            text = _marker(marker) + filling.statement(file.table or ("", ""), page, marker)
            yield text, [first] * text.count("\n")


def _marker(number: int) -> str:
    return f"select pg_catalog.setval('supasync.seed_position',{number});"


_MARKERS = re.compile(r"select pg_catalog\.setval\('supasync\.seed_position',\d+\);")


def _call(function: str) -> str:
    signature = sql.literal(function + "()")
    body = (
        " begin\n"
        f"  if to_regprocedure({signature}) is not null\n"
        "     and current_setting('supasync.seed_function', true) is distinct from 'called' then\n"
        "    perform set_config('supasync.seed_function', 'called', true);\n"
        f"    if exists (select from pg_proc where oid = to_regprocedure({signature})\n"
        "               and prokind = 'p') then\n"
        f"      call {function}();\n"
        "    else\n"
        f"      perform {function}();\n"
        "    end if;\n"
        "  end if;\n"
        "end "
    )
    return f"do {sql.dollar(body)};\n"
