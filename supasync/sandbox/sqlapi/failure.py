"""A statement that failed, in the words of the endpoint: postgres-meta's `formattedError`."""

from __future__ import annotations

from typing import Final

from psycopg.pq import DiagnosticField
from psycopg.pq.abc import PGresult

PREFIX: Final = "Failed to run sql query: "


class Failure(Exception):
    """status: the HTTP status it is answered with. message: without the prefix."""

    def __init__(self, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.message, self.status = message, status


def not_connected() -> Failure:
    """The database does not answer; words and status are postgres-meta's."""
    return Failure("Connection terminated due to connection timeout", 504)


def from_result(result: PGresult, query: str) -> Failure:
    """The error of a failed statement; `LINE n` counts in `query`, the text that was sent."""

    def field(name: DiagnosticField) -> str:
        return (result.error_field(name) or b"").decode(errors="replace")

    severity = field(DiagnosticField.SEVERITY_NONLOCALIZED)
    sqlstate = field(DiagnosticField.SQLSTATE)
    if not sqlstate:  # not the server's words, but those of libpq about a dead session
        return Failure("Connection terminated unexpectedly")
    text = f"{severity}:  {sqlstate}: {field(DiagnosticField.MESSAGE_PRIMARY)}\n"
    position = field(DiagnosticField.STATEMENT_POSITION)
    if position:
        text += _pointer(query, int(position))
    for label, name in (
        ("DETAIL", DiagnosticField.MESSAGE_DETAIL),
        ("HINT", DiagnosticField.MESSAGE_HINT),
        ("QUERY", DiagnosticField.INTERNAL_QUERY),
        ("CONTEXT", DiagnosticField.CONTEXT),
    ):
        if field(name):
            text += f"{label}:  {field(name)}\n"
    return Failure(text)


def _pointer(query: str, position: int) -> str:
    """The line with a caret below the place. position: 1-based, in characters."""
    before = query[: position - 1]
    line = before.count("\n") + 1
    start = before.rfind("\n") + 1
    head = f"LINE {line}: "
    shown = query[start:].split("\n", 1)[0]
    return f"{head}{shown}\n{' ' * (len(head) + position - 1 - start)}^\n"
