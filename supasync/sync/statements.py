"""What an SQL statement of a schema diff is about, as far as that can be told from its head.

Names are of the witness's text. What is not recognised has no subject, and so nothing explains it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from importlib import import_module
from typing import Any

_NAME = r'(?:"(?:[^"]|"")+"|[\w$]+)'
_PATH = rf"({_NAME}(?:\s*\.\s*{_NAME})*)"
_IF = r"(?:if\s+(?:not\s+)?exists\s+)?"
_ON_TABLE = (
    r"(?:create|drop|alter|comment\s+on)\s+(?:or\s+replace\s+)?(?:constraint\s+)?"
    rf"(?:policy|trigger|rule)\s+{_IF}({_NAME})\s[^;]*?\b(?:on|to)\s+{_PATH}"
)
_TABLE = rf"alter\s+table\s+{_IF}(?:only\s+)?{_PATH}\s+"
_CONSTRAINT = rf"{_TABLE}(?:add|drop|validate)\s+constraint\s+{_IF}({_NAME})"
_DEFAULT = rf"{_TABLE}alter\s+column\s+({_NAME})\s+(?:set|drop)\s+default"
_ENABLED = rf"{_TABLE}(?:enable|disable)\s+(?:always\s+|replica\s+)?trigger\s+({_NAME})"
_OTHERWISE = rf"{_TABLE}(\w+)"
_INDEX = rf"create\s+(?:unique\s+)?index\s+{_IF}({_NAME})\s+on\s+(?:only\s+)?({_NAME})\s*\."
_KIND = (
    r"(?:materialized\s+view|view|function|procedure|aggregate|domain|type|index|sequence|schema"
    r"|foreign\s+table|table)"
)
_WHOLE = rf"(?:create|drop|alter|comment\s+on)\s+(?:or\s+replace\s+)?{_KIND}\s+{_IF}{_PATH}"
_GRANT = rf"(?:grant|revoke)\s[^;]*?\bon\s+{_KIND}\s+{_PATH}"

_RULES = tuple(
    (re.compile(pattern, re.IGNORECASE | re.DOTALL), order)
    for pattern, order in (
        (_ON_TABLE, (2, 1)),
        (_CONSTRAINT, (1, 2)),
        (_DEFAULT, (1, 2)),
        (_ENABLED, (1, 2)),
        (_OTHERWISE, ()),
        (_INDEX, (2, 1)),
        (_WHOLE, (1,)),
        (_GRANT, (1,)),
    )
)
_COMMENTS = re.compile(r"\s*(?:--[^\n]*(?:\n\s*|$)|/\*.*?\*/\s*)*", re.DOTALL)


def split(text: str) -> list[str]:
    """The statements of a text; one, the whole, when no parser is there or it is no SQL."""
    if not text.strip():
        return []
    try:
        # A native library: it is loaded late, and its stubs are of no use to a type checker.
        parser: Any = import_module("postgast")
    except (ImportError, OSError):
        return [text]
    try:
        parsed = parser.parse(text).stmts
    except parser.PgQueryError:
        return [text]
    raw = text.encode()
    found = [
        raw[each.stmt_location : each.stmt_location + each.stmt_len or None].decode().strip()
        for each in parsed
    ]
    return found or [text.strip()]


def head(statement: str) -> str:
    """Without the comments before it."""
    return statement[_COMMENTS.match(statement).end() :]  # type: ignore[union-attr]


def subject(statement: str) -> tuple[str, ...]:
    """`("public", "users", "users_pkey")`; () when it is not recognised."""
    text = head(statement)
    for pattern, order in _RULES:
        if found := pattern.match(text):
            return tuple(_parts(found[number] for number in order))
    return ()


def _parts(paths: Iterable[str]) -> Iterable[str]:
    for path in paths:
        for name in re.findall(_NAME, path):
            quoted = name.startswith('"')
            yield name[1:-1].replace('""', '"') if quoted else name.lower()
