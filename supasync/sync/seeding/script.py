"""Seed files as one script, and the script's positions as lines of the files.

The files are never split in order to be executed: the script is their text, in order. Between
statements it only gains markers, on the lines that are there, which record in a sequence how far
it came. A sequence keeps its value when the transaction rolls back, so the statement that failed
is known even where PostgreSQL tells no line (a constraint, a division by zero).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from supasync import sql
from supasync.errors import SeedError
from supasync.sync.seeding.check import Statement, statements

MAX_BYTES = 900_000
"""The platform cuts a request at about 1 MB; this leaves room for what surrounds the script."""


@dataclass(frozen=True)
class Place:
    """A line of a seed file, or of no file: the seed function's call."""

    file: Path
    line: int | None = None
    call: str = ""

    def __str__(self) -> str:
        if self.call:
            return f"{self.call}, called after {self.file}"
        return f"{self.file}:{self.line}" if self.line else str(self.file)


@dataclass(frozen=True)
class SeedFile:
    """parsed: its statements, or None when no parser is installed."""

    path: Path
    text: str
    parsed: tuple[Statement, ...] | None


@dataclass(frozen=True)
class Script:
    """text: what is sent. places: by marker, 1-based. lines: the place of each line."""

    text: str
    files: tuple[SeedFile, ...]
    places: tuple[Place, ...]
    lines: tuple[Place, ...]

    @property
    def digest(self) -> str:
        """Identifies what is sent."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    def at_line(self, line: int) -> Place | None:
        """The place of a 1-based line of `text`."""
        return self.lines[line - 1] if 0 < line <= len(self.lines) else None

    def at_marker(self, marker: int) -> Place | None:
        return self.places[marker - 1] if 0 < marker <= len(self.places) else None


def read(paths: Sequence[Path]) -> tuple[SeedFile, ...]:
    """Reads and checks the files. Raises: SeedError naming file and line."""
    return tuple(_read(path) for path in paths)


def _read(path: Path) -> SeedFile:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise SeedError(f"{path}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        message = f"{path}: is not UTF-8 (byte {error.start})"
        raise SeedError(message, remedy="Save the file as UTF-8.") from error
    return SeedFile(path, text, statements(path, text))


def compose(files: Sequence[SeedFile], function: str | None) -> Script:
    """The script; `function` (`schema.name`, without arguments) is called once, after the first
    file after which it exists. Raises: SeedError when it is too large for one call."""
    script = _compose(files, function, markers=True)
    if len(script.text.encode()) > MAX_BYTES:
        script = _compose(files, function, markers=False)
    size = len(script.text.encode())
    if size > MAX_BYTES:
        raise SeedError(
            f"The seed files have {size:,} bytes; one call carries at most {MAX_BYTES:,}",
            remedy="Seeds run in one transaction, so in one call. Generate rows with "
            "generate_series() instead of listing them, or leave files out of [seed] paths.",
        )
    return script


def _compose(files: Sequence[SeedFile], function: str | None, *, markers: bool) -> Script:
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
        text = file.text.rstrip()
        if markers and file.parsed:
            text = _marked(text, file, places)
        # The semicolon ends a last statement without one; on a line of its own, since a comment
        # may be open at the end of the text.
        count = text.count("\n") + 1
        add(text + "\n;\n", *(Place(file.path, n) for n in range(1, count + 1)))
        lines.append(Place(file.path, count))
        if function:
            places.append(Place(file.path, call=function + "()"))
            call = _marker(len(places)) + "\n" + _call(function)
            add(call, *([places[-1]] * call.count("\n")))
    return Script("".join(parts), tuple(files), tuple(places), tuple(lines))


def _marked(text: str, file: SeedFile, places: list[Place]) -> str:
    """`text` with a marker before each statement."""
    raw, parts, done = text.encode(), [], 0
    for statement in file.parsed or ():
        places.append(Place(file.path, statement.line))
        parts += [raw[done : statement.start].decode(), _marker(len(places))]
        done = statement.start
    return "".join([*parts, raw[done:].decode()])


def _marker(number: int) -> str:
    return f"select pg_catalog.setval('supasync.seed_position',{number});"


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
