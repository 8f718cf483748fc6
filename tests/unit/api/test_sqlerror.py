"""SQL errors out of the platform's text."""

from __future__ import annotations

from typing import Any

import pytest

from supasync.api import sqlerror

PREFIX = "Failed to run sql query: "
NONE: dict[str, Any] = {"line": None, "column": None, "detail": None, "hint": None, "context": None}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            'ERROR:  42601: syntax error at or near "BEGIN"\nLINE 58:     BEGIN\n             ^\n',
            {
                "message": 'syntax error at or near "BEGIN"',
                "sqlstate": "42601",
                "line": 58,
                "column": 5,
            },
        ),
        (
            'ERROR:  42703: column "nam" does not exist\nLINE 1: select nam\n               ^\n'
            'HINT:  Perhaps you meant to reference the column "t.name".\n',
            {
                "message": 'column "nam" does not exist',
                "sqlstate": "42703",
                "line": 1,
                "column": 8,
                "hint": 'Perhaps you meant to reference the column "t.name".',
            },
        ),
        (
            "ERROR:  23505: duplicate key\nDETAIL:  Key (id)=(1) already exists.\n",
            {
                "message": "duplicate key",
                "sqlstate": "23505",
                "detail": "Key (id)=(1) already exists.",
            },
        ),
        (
            'ERROR:  42P01: relation "x" does not exist\nLINE 2: select x\n        ^\n'
            "QUERY:  select 1;\nselect x\n"
            "CONTEXT:  PL/pgSQL function f() line 3\nat SQL statement\n",
            {
                "message": 'relation "x" does not exist',
                "sqlstate": "42P01",
                "context": "PL/pgSQL function f() line 3\nat SQL statement",
            },
        ),
        (
            "ERROR:  P0001: first\nsecond: HINT: no\nthird\nCONTEXT:  PL/pgSQL function\n",
            {
                "message": "first\nsecond: HINT: no\nthird",
                "sqlstate": "P0001",
                "context": "PL/pgSQL function",
            },
        ),
        ("FATAL:  57P01: gone", {"message": "gone", "sqlstate": "57P01"}),
    ],
)
def test_parse(text: str, expected: dict[str, Any]) -> None:
    error = sqlerror.parse(PREFIX + text)
    assert error is not None
    got = {name: getattr(error, name) for name in ("message", "sqlstate", *NONE)}
    assert got == {**NONE, **expected}


@pytest.mark.parametrize(
    "text",
    [
        "Connection terminated due to connection timeout",
        "",
        "ERROR:  lower: x",
        "Query read timeout",
    ],
)
def test_no_sqlstate(text: str) -> None:
    assert sqlerror.parse(PREFIX + text) is None


def test_another_message() -> None:
    assert sqlerror.parse("ERROR:  42601: not from the SQL endpoint") is None
