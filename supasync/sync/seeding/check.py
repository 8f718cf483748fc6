"""What PostgreSQL's own parser says about a seed file before anything is sent."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from supasync.errors import SeedError
from supasync.sync.seeding.parser import nodes, parser
from supasync.sync.seeding.variables import without_tokens

_TRANSACTION_REMEDY = (
    "Remove it: all seed files run in one transaction, which commits when every file has succeeded."
)
_STDIN = "rows cannot follow COPY … FROM stdin, which is psql's"
_STDIN_REMEDY = (
    "Nothing was sent. Write the rows as INSERTs, as `pg_dump --inserts` does, or as a .csv file of"
    " their own."
)
_AFTER_STDIN = re.compile(r"\bcopy\s[^;]*\bfrom\s+stdin\b[^;]*;[^;]*$", re.IGNORECASE)


@dataclass(frozen=True)
class Statement:
    """start: offset in bytes of the file's text; line: 1-based."""

    start: int
    line: int


def statements(path: Path, text: str) -> tuple[Statement, ...] | None:
    """The file's statements; None when no parser is installed for this machine.

    Raises: SeedError for a syntax error, a psql command, rows of COPY, or transaction control.
    """
    reader = parser()
    if reader is None:
        return None
    raw = text.encode()
    try:
        tree = reader.parse(text)
    except reader.PgQueryError as error:
        # It counts letters, as PostgreSQL does, where the places of statements count bytes.
        before = text[: max(error.cursorpos - 1, 0)]
        raise _refusal(path, text, before, error.message) from error
    found = []
    line, counted = 1, 0  # counted on from statement to statement: a seed can hold many thousands
    for parsed in tree.stmts:
        line += raw.count(b"\n", counted, parsed.stmt_location)
        counted = parsed.stmt_location
        if parsed.stmt.WhichOneof("node") == "transaction_stmt":
            message = f"{path}:{line}: a seed must not control transactions"
            raise SeedError(message, remedy=_TRANSACTION_REMEDY)
        if _reads_stdin(parsed.stmt):
            raise SeedError(f"{path}:{line}: {_STDIN}", remedy=_STDIN_REMEDY)
        found.append(Statement(parsed.stmt_location, line))
    return tuple(found)


def _reads_stdin(statement: Any) -> bool:
    copy = statement.copy_stmt
    return statement.WhichOneof("node") == "copy_stmt" and copy.is_from and not copy.filename


def named_tables(text: str) -> frozenset[tuple[str, ...]]:
    """The tables that a seed's text names, some without their schema; none when no parser is
    installed."""
    reader = parser()
    if reader is None:
        return frozenset()
    found = nodes(reader.parse(without_tokens(text)), "RangeVar")
    return frozenset(tuple(filter(None, (each.schemaname, each.relname))) for each in found)


def _refusal(path: Path, text: str, before: str, message: str) -> SeedError:
    """before: the text up to where the parser stopped."""
    line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
    shown = text.splitlines()[line - 1].strip() if text.splitlines() else ""
    remedy = "Nothing was sent. Correct the file and run the command again."
    if _AFTER_STDIN.search(before):
        return SeedError(f"{path}:{line}:{column}: {_STDIN}\n  {shown[:120]}", remedy=_STDIN_REMEDY)
    if shown.startswith("\\"):
        remedy = "psql's backslash commands are not SQL; nothing was sent. Write the SQL itself."
    elif "exists" in message.lower() and shown.lower().startswith("truncate"):
        remedy = (
            "TRUNCATE has no IF EXISTS in PostgreSQL; nothing was sent. Leave it out, or ask "
            "to_regclass() in a DO block first."
        )
    return SeedError(f"{path}:{line}:{column}: {message}\n  {shown[:120]}", remedy=remedy)
