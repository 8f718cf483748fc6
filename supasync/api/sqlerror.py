"""SQL errors out of the platform's error text.

The text is postgres-meta's `formattedError` (supabase/postgres-meta, src/lib/db.ts) behind a
prefix: `Failed to run sql query: ERROR:  42P01: …`, then LINE and caret, DETAIL, HINT, QUERY
and CONTEXT, each on lines of its own and each optional.
"""

from __future__ import annotations

import re

from supasync.errors import SqlError

PREFIX = "Failed to run sql query: "
_HEAD = re.compile(r"\s*(?P<severity>[^\s:]+):\s+(?P<sqlstate>[0-9A-Z]{5}): ")
_SECTION = re.compile(
    r"^(?:LINE (?P<line>\d+): |(?P<name>DETAIL|HINT|QUERY|CONTEXT):  )", re.MULTILINE
)
_CARET = re.compile(r"^(?P<head>LINE \d+: ).*\n(?P<blank> *)\^$", re.MULTILINE)

NOT_CONNECTED = frozenset({"57P03", "53300", "28P01", "28000", "3D000"})
"""The server turned the connection away: no statement ran. (PostgreSQL, Appendix A)"""
_CONNECTION_LOST = ("57P01", "57P02", "57P05", "08")


def parse(message: str) -> SqlError | None:
    """The SQL error in a message of the platform; None when there is no SQLSTATE in it.

    `line` and `column` count in the text that was sent; they are left out when the error is in a
    query inside (QUERY section), since they then count in that one.
    """
    if not message.startswith(PREFIX):
        return None
    text = message.removeprefix(PREFIX)
    head = _HEAD.match(text)
    if head is None:
        return None
    marks = list(_SECTION.finditer(text, head.end()))
    starts = [mark.start() for mark in marks] + [len(text)]
    sections = {
        mark["name"] or "LINE": text[mark.end() : end].strip()
        for mark, end in zip(marks, starts[1:], strict=True)
    }
    line = next((int(mark["line"]) for mark in marks if mark["line"]), None)
    inside = "QUERY" in sections
    return SqlError(
        text[head.end() : starts[0]].strip(),
        sqlstate=head["sqlstate"],
        line=None if inside else line,
        column=None if inside else _column(text),
        detail=sections.get("DETAIL"),
        hint=sections.get("HINT"),
        context=sections.get("CONTEXT"),
    )


def _column(text: str) -> int | None:
    """Where the caret stands, in the line above it."""
    found = _CARET.search(text)
    return len(found["blank"]) - len(found["head"]) + 1 if found else None


def lost_connection(error: SqlError) -> bool:
    """Whether the session ended with the error, so that a commit may have come before it."""
    return error.sqlstate.startswith(_CONNECTION_LOST)
