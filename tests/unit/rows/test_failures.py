"""What is told of a copy that failed: nothing that could be a value of a row."""

from __future__ import annotations

import pytest

from supasync.errors import SqlError
from supasync.sync.data import failures

VALUE = "ann@real.test"


@pytest.mark.parametrize(
    ("sqlstate", "message"),
    [
        ("P0001", f"no phone for {VALUE}"),
        ("XX000", f"no phone for {VALUE}"),
        ("38000", f"no phone for {VALUE}"),
        ("23514", f"no phone for {VALUE}"),
        ("22023", f"no phone for {VALUE}"),
        ("22P02", f'invalid input syntax for type integer: "{VALUE}"'),
    ],
)
def test_no_value_is_told(sqlstate: str, message: str) -> None:
    error = SqlError(message, sqlstate=sqlstate, detail=f"Failing row contains ({VALUE}).")
    told = failures.explained(error, "testing", (), ())
    assert VALUE not in "\n".join(map(str, (told, told.remedy, vars(told))))
    assert "testing" in str(told)
    assert told.remedy


@pytest.mark.parametrize(
    ("sqlstate", "message", "words"),
    [
        ("23502", 'null value in column "a" of relation "t" violates not-null constraint', '"a"'),
        ("55P03", "canceling statement due to lock timeout", "lock timeout"),
    ],
)
def test_what_the_server_says_of_no_value_is_told(sqlstate: str, message: str, words: str) -> None:
    told = failures.explained(SqlError(message, sqlstate=sqlstate), "testing", (), ())
    assert words in str(told)
