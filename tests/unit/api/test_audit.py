"""The log of what was sent to production shows when it was altered."""

from __future__ import annotations

import json
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from supasync.api import AuditLog, verify
from supasync.errors import UsageError

LARGE = "select catalog -- " + "x" * 5000


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "state" / "production.jsonl"
    sink = AuditLog(path)
    for sql in ("select 1", LARGE, "select 'ü'", LARGE):
        sink(sql)
    return path


def test_entries(log: Path) -> None:
    entries = [json.loads(line) for line in log.read_text().splitlines()]
    assert [entry["sql"] for entry in entries] == [
        "select 1",
        LARGE[:200],
        "select 'ü'",
        LARGE[:200],
    ]
    assert all(set(entry) == {"at", "sha256", "sql", "prev", "hash"} for entry in entries)
    kept = list(log.with_name(log.name + ".d").iterdir())
    assert [file.read_text() for file in kept] == [LARGE]
    assert stat.S_IMODE(log.stat().st_mode) == 0o600
    result = verify(log)
    assert (result.entries, result.head, result.problem) == (4, entries[-1]["hash"], None)


def test_missing_log_is_empty(tmp_path: Path) -> None:
    assert verify(tmp_path / "none").entries == 0


def _lines(change: Callable[[list[str]], list[str]]) -> Callable[[Path], None]:
    return lambda log: log.write_text("".join(change(log.read_text().splitlines(keepends=True))))


def _alter_text(log: Path) -> None:
    next(log.with_name(log.name + ".d").iterdir()).write_text("select nothing")


@pytest.mark.parametrize(
    ("tamper", "good"),
    [
        (_lines(lambda rows: [rows[0].replace("select 1", "select 2"), *rows[1:]]), 0),
        (_lines(lambda rows: rows[1:]), 0),
        (_lines(lambda rows: [rows[0], *rows[2:]]), 1),
        (_lines(lambda rows: [rows[0], rows[2], rows[1], rows[3]]), 1),
        (_lines(lambda rows: [rows[0], rows[0], *rows[1:]]), 1),
        (_lines(lambda rows: [*rows[:3], rows[3][:40]]), 3),
        (_lines(lambda rows: [*rows[:2], "not json\n", *rows[2:]]), 2),
        (_alter_text, 1),
    ],
)
def test_tampering_is_found(log: Path, tamper: Callable[[Path], None], good: int) -> None:
    tamper(log)
    result = verify(log)
    assert result.entries == good
    assert result.problem is not None
    assert result.problem.startswith(f"line {good + 1}: ")


def test_damaged_end_stops_the_next_entry(log: Path) -> None:
    log.write_text(log.read_text()[:-20])
    with pytest.raises(UsageError, match="damaged line"):
        AuditLog(log)("select 2")


def test_unwritable(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UsageError, match="cannot be written"):
        AuditLog(tmp_path / "file" / "log")("select 1")


APPEND = """
import pathlib, sys
from supasync.api import AuditLog
for number in range(20):
    AuditLog(pathlib.Path(sys.argv[1]))(f"select {number}" + "x" * 2000 * (number % 2))
"""


def test_processes_share_one_chain(tmp_path: Path) -> None:
    path = tmp_path / "log"
    workers = [subprocess.Popen([sys.executable, "-c", APPEND, str(path)]) for _ in range(3)]
    assert [worker.wait() for worker in workers] == [0, 0, 0]
    assert verify(path).problem is None
    assert verify(path).entries == 60
