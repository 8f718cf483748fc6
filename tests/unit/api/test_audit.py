"""The log of what was sent to production shows when it was altered."""

from __future__ import annotations

import json
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from supasync import api
from supasync.errors import ProductionGuard, UsageError
from supasync.sql import Statement
from tests.fix_disk import full_disk
from tests.unit.api.world import MAIN

ONE = "select 1 where oid = ⟨value⟩"
FIRST, SECOND = ("select 1 where oid = '{1}'", "select 1 where oid = '{ü}'")


def understand(sql: str) -> Statement | None:
    """An engine that asks two things."""
    if sql.startswith("select 1 where oid = "):
        return Statement("one", ONE, (sql.removeprefix("select 1 where oid = "),))
    return Statement("two", sql, ()) if sql == "select 2" else None


def log_at(path: Path, engine: str = "e1") -> api.AuditLog:
    return api.AuditLog(path, project=MAIN, engine=engine, understand=understand)


def verify(path: Path, *heads: str, engine: str = "e1") -> api.Verification:
    return api.verify(path, understand, engine=engine, heads=heads)


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "state" / "production.log"
    sink = log_at(path)
    for sql in (FIRST, "select 2", SECOND, FIRST):
        sink(sql)
    return path


def templates(log: Path) -> list[Path]:
    return sorted(log.with_name(log.name + ".d").glob("*.sql"))


def test_entries(log: Path) -> None:
    entries = [entry for entry in api.read_log(log) if entry]
    assert [entry.query for entry in entries] == ["one", "two", "one", "one"]
    assert [api.statement_text(log, entry) for entry in entries] == [
        FIRST,
        "select 2",
        SECOND,
        FIRST,
    ]
    assert {entry.project for entry in entries} == {MAIN}
    assert {file.read_text() for file in templates(log)} == {ONE, "select 2"}
    result = verify(log)
    assert (result.entries, result.matched, result.others) == (4, 4, 0)
    assert (result.head, result.problem) == (entries[-1].hash, None)


def test_only_the_owner_can_read_it(log: Path) -> None:
    for place in (log.parent, *log.parent.rglob("*")):
        assert not stat.S_IMODE(place.stat().st_mode) & 0o077, place
    log.chmod(0o644)
    log_at(log)(FIRST)
    assert stat.S_IMODE(log.stat().st_mode) == 0o600


def test_what_was_matched_before_is_not_matched_again(log: Path) -> None:
    matched: list[str] = []

    def counting(sql: str) -> Statement | None:
        matched.append(sql)
        return understand(sql)

    earlier = verify(log)
    log_at(log)("select 2")
    found = api.verify(log, counting, engine="e1", earlier=earlier)
    assert (found.entries, found.matched, found.problem) == (5, 5, None)
    assert matched == ["select 2"]
    lines = log.read_bytes().splitlines(keepends=True)
    log.write_bytes(b"".join(line.replace(b'"two"', b'"one"') for line in lines))
    assert "was altered" in str(api.verify(log, counting, engine="e1", earlier=earlier).problem)


def test_a_log_that_was_written_anew_is_not_the_one_of_before(log: Path) -> None:
    earlier = verify(log)
    for file in (log, log.with_name(log.name + ".d") / "head.json"):
        file.unlink()
    for sql in ("select 2", FIRST, SECOND, FIRST):
        log_at(log)(sql)
    found = api.verify(log, understand, engine="e1", earlier=earlier)
    assert "line 4: is not the one that was there before" in str(found.problem)


def test_missing_log_is_empty(tmp_path: Path) -> None:
    assert verify(tmp_path / "none").entries == 0
    assert verify(tmp_path / "none").problem is None


def test_what_is_no_query_of_the_engine_is_refused(log: Path) -> None:
    before = log.read_bytes()
    with pytest.raises(ProductionGuard, match="none of supasync's own queries"):
        log_at(log)("select * from public.customers")
    assert log.read_bytes() == before


def _lines(change: Callable[[list[str]], list[str]]) -> Callable[[Path], None]:
    return lambda log: log.write_text("".join(change(log.read_text().splitlines(keepends=True))))


def _alter_template(log: Path) -> None:
    for file in templates(log):
        file.write_text(file.read_text().replace("select 1", "select 3"))


def _remove_templates(log: Path) -> None:
    for file in templates(log):
        file.unlink()


def _forge(rows: list[str]) -> list[str]:
    """The last line with another statement, its hash made anew."""
    entry = json.loads(rows[-1])
    for text, other in (("{1}", "{2}"), (entry["hash"], "0" * 64)):
        rows[-1] = rows[-1].replace(text, other)
    found = api.Entry.read(rows[-1].encode())
    assert found is not None
    return [*rows[:-1], found.line.decode()]


@pytest.mark.parametrize(
    ("tamper", "line"),
    [
        (_lines(lambda rows: [rows[0].replace("{1}", "{2}"), *rows[1:]]), 1),
        (_lines(lambda rows: [rows[0].replace(MAIN, MAIN[::-1]), *rows[1:]]), 1),
        (_lines(lambda rows: [rows[0].replace('{"at"', '{ "at"'), *rows[1:]]), 1),
        (_lines(lambda rows: [rows[0].replace('{"at"', '{"at": "", "at"'), *rows[1:]]), 1),
        (_lines(lambda rows: rows[1:]), 1),
        (_lines(lambda rows: [rows[0], *rows[2:]]), 2),
        (_lines(lambda rows: [rows[0], rows[2], rows[1], rows[3]]), 2),
        (_lines(lambda rows: [rows[0], rows[0], *rows[1:]]), 2),
        (_lines(lambda rows: [*rows[:3], rows[3][:40]]), 4),
        (_lines(lambda rows: [*rows[:2], "not json\n", *rows[2:]]), 3),
        (_lines(lambda rows: [*rows[:2], "[]\n", *rows[2:]]), 3),
        (_lines(lambda rows: rows[:-1]), 4),
        (_lines(lambda rows: rows[:1]), 2),
        (_lines(lambda rows: []), 1),
        (_lines(_forge), 4),
        (Path.unlink, 1),
        (_alter_template, 1),
        (_remove_templates, 1),
    ],
)
def test_tampering_is_found(log: Path, tamper: Callable[[Path], None], line: int) -> None:
    tamper(log)
    result = verify(log)
    assert result.entries == line - 1
    assert result.problem is not None
    assert result.problem.startswith(f"line {line}: ")


@pytest.mark.parametrize("change", [lambda rows: [*rows, rows[-1]], lambda rows: rows[:-1]])
def test_a_head_that_was_noted_elsewhere(
    log: Path, change: Callable[[list[str]], list[str]]
) -> None:
    head = verify(log).head
    log_at(log)(SECOND)
    assert verify(log, head).problem is None
    other = log.with_name("other")
    log_at(other)(FIRST)
    assert "no line has the hash" in str(verify(other, head).problem)


def test_the_note_of_the_end_is_missing(log: Path) -> None:
    (log.with_name(log.name + ".d") / "head.json").unlink()
    assert verify(log).problem == "the note of its end is missing"
    with pytest.raises(UsageError, match="damaged end"):
        log_at(log)(FIRST)


def test_lines_that_another_wrote(log: Path) -> None:
    head = log.with_name(log.name + ".d") / "head.json"
    noted = head.read_bytes()
    for sql in (FIRST, SECOND):
        log_at(log)(sql)
    head.write_bytes(noted)
    assert str(verify(log).problem).startswith("line 5: was added")


def test_killed_between_the_line_and_the_note(log: Path) -> None:
    head = log.with_name(log.name + ".d") / "head.json"
    noted = head.read_bytes()
    log_at(log)(SECOND)
    head.write_bytes(noted)
    assert verify(log).problem is None
    log_at(log)(FIRST)
    assert (verify(log).entries, verify(log).problem) == (6, None)


@pytest.mark.parametrize(
    "tamper",
    [lambda text: text[:-20], lambda text: text[: text.rindex("\n", 0, -1) + 1], lambda _: ""],
)
def test_damaged_end_stops_the_next_entry(log: Path, tamper: Callable[[str], str]) -> None:
    log.write_text(tamper(log.read_text()))
    with pytest.raises(UsageError, match="damaged end"):
        log_at(log)("select 2")


def test_another_versions_statements_are_told_apart(log: Path) -> None:
    def later(sql: str) -> Statement | None:
        return None if sql == "select 2" else understand(sql)

    newer = api.verify(log, later, engine="e2")
    assert (newer.matched, newer.others, newer.problem) == (3, 1, None)
    same = api.verify(log, later, engine="e1")
    assert same.problem == "line 2: its statement is none of supasync's queries"


def test_unwritable(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UsageError, match="cannot be written"):
        log_at(tmp_path / "file" / "log")("select 2")


APPEND = """
import pathlib, sys
from supasync.api import AuditLog
from supasync.sql import Statement
log = AuditLog(pathlib.Path(sys.argv[1]), project="p", engine="e1",
    understand=lambda sql: Statement("one", "select 1 where oid = ⟨value⟩", (sql[21:],)))
for number in range(8):
    log(f"select 1 where oid = {number}")
"""


@pytest.mark.parametrize("room", [0, 1, 50])
def test_a_line_that_a_full_disk_cuts_is_taken_away(log: Path, room: int) -> None:
    with full_disk(log, room), pytest.raises(UsageError, match="cannot be written"):
        log_at(log)(FIRST)
    log_at(log)(FIRST)
    assert verify(log).problem is None
    assert verify(log).entries == 5


def test_processes_share_one_chain(tmp_path: Path) -> None:
    path = tmp_path / "log"
    workers = [subprocess.Popen([sys.executable, "-c", APPEND, str(path)]) for _ in range(3)]
    assert [worker.wait() for worker in workers] == [0, 0, 0]
    assert verify(path).problem is None
    assert verify(path).entries == 24
