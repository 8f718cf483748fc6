"""What PostgreSQL's own parser says about a seed file before anything is sent."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from supasync.errors import SeedError

_TRANSACTION_REMEDY = (
    "Remove it: all seed files run in one transaction, which commits when every file has succeeded."
)


@dataclass(frozen=True)
class Statement:
    """start: offset in bytes of the file's text; line: 1-based."""

    start: int
    line: int


def statements(path: Path, text: str) -> tuple[Statement, ...] | None:
    """The file's statements; None when no parser is installed for this machine.

    Raises: SeedError for a syntax error, a psql command, or transaction control.
    """
    try:
        # A native library: it is loaded late, and its stubs are of no use to a type checker.
        parser: Any = import_module("postgast")
    except (ImportError, OSError):
        return None
    raw = text.encode()
    try:
        tree = parser.parse(text)
    except parser.PgQueryError as error:
        offset = max(error.cursorpos - 1, 0)
        raise _refusal(path, text, _line(raw, offset), error.message) from error
    found = []
    line, counted = 1, 0  # counted on from statement to statement: a seed can hold many thousands
    for parsed in tree.stmts:
        line += raw.count(b"\n", counted, parsed.stmt_location)
        counted = parsed.stmt_location
        if parsed.stmt.WhichOneof("node") == "transaction_stmt":
            message = f"{path}:{line}: a seed must not control transactions"
            raise SeedError(message, remedy=_TRANSACTION_REMEDY)
        found.append(Statement(parsed.stmt_location, line))
    return tuple(found)


def named_tables(text: str) -> frozenset[tuple[str, ...]]:
    """The tables that a text with valid syntax names, some without their schema; none when no
    parser is installed."""
    try:
        parser: Any = import_module("postgast")
    except (ImportError, OSError):
        return frozenset()
    tree = parser.parse(text)
    found = parser.find_nodes(tree, import_module("postgast.pg_query_pb2").RangeVar)
    return frozenset(tuple(filter(None, (each.schemaname, each.relname))) for each in found)


def _line(raw: bytes, offset: int) -> int:
    return raw[:offset].count(b"\n") + 1


def _refusal(path: Path, text: str, line: int, message: str) -> SeedError:
    shown = text.splitlines()[line - 1].strip() if text.splitlines() else ""
    remedy = "Nothing was sent. Correct the file and run the command again."
    if shown.startswith("\\"):
        remedy = "psql's backslash commands are not SQL; nothing was sent. Write the SQL itself."
    elif "exists" in message and shown.lower().startswith("truncate"):
        remedy = "TRUNCATE has no IF EXISTS in PostgreSQL: check to_regclass() first."
    return SeedError(f"{path}:{line}: {message}\n  {shown[:120]}", remedy=remedy)
