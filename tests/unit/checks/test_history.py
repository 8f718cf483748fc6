"""Freshness, timing and the audit record: what is judged from records alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from supasync import api
from supasync.catalog.statements import engine
from supasync.checks import audit, freshness, timing
from supasync.events import Health, LastSync, durations, last_syncs
from supasync.sync import identity
from supasync.sync.asked import understand
from supasync.sync.bookkeeping.journal import Written
from supasync.sync.record import FileStore

NOW, HOUR = 1_000_000.0, 3600.0
GOOD = LastSync(run_id="r1", at=NOW - HOUR, verdict="Synced")


def written(age: float, run_id: str = "r1") -> Written:
    return Written(kind="apply", run_id=run_id, age=age, source="f")


@pytest.mark.parametrize(
    ("known", "journal", "health", "words"),
    [
        (None, None, Health.UNKNOWN, "no sync of this branch is recorded"),
        (GOOD, None, Health.PASS, ""),
        (GOOD, written(HOUR - 3), Health.PASS, ""),
        (None, written(HOUR), Health.PASS, ""),
        (None, written(25 * HOUR), Health.FAIL, "25 h ago, at most 24 h"),
        (None, written(24 * HOUR + 360), Health.FAIL, "24.1 h ago, at most 24 h"),
        (GOOD, written(30 * HOUR, "r0"), Health.PASS, ""),
        (
            LastSync(run_id="r1", at=NOW - 9, verdict="OutOfSync", failed="seed", reason="broken"),
            written(HOUR, "r0"),
            Health.FAIL,
            "the last sync failed in seed: broken",
        ),
        (
            LastSync(run_id="r1", at=NOW - 9, verdict="Unknown", failed="apply", reason="cut"),
            None,
            Health.UNKNOWN,
            "how the last sync ended is not known in apply: cut",
        ),
        (
            LastSync(run_id="r1", at=NOW - HOUR, verdict="OutOfSync", failed="seed", reason="x"),
            written(60, "another"),
            Health.PASS,
            "",
        ),
    ],
)
def test_freshness(known: LastSync | None, journal: Written | None, health: Health, words: str):
    report = freshness.judged("testing", known, journal, now=NOW, hours=24)
    assert report.health is health, report
    assert words in " ".join(finding.message for finding in report.findings)
    assert all("branches sync testing" in finding.remedy for finding in report.findings)


def run(seconds: float, *, ok: bool = True, **fields: Any) -> dict[str, Any]:
    about = {"command": "branches sync", "dry_run": False, "started_at": NOW, "id": "r", **fields}
    branch = {
        "name": "testing",
        "seconds": seconds,
        "verdict": "Synced",
        "reason": "",
        "phases": [{"phase": "seed", "ok": ok}],
    }
    return {"run": about, "branches": [branch]}


def test_only_good_syncs_are_timed():
    history = [
        run(1.0),
        run(99.0, ok=False),
        run(99.0, dry_run=True),
        run(99.0, command="branches diff"),
        {"of": "another version"},
        run(2.0),
    ]
    assert durations(history, "testing") == [1.0, 2.0]
    assert durations(history, "preview") == []
    assert last_syncs(history)["testing"].good


@pytest.mark.parametrize(
    ("seconds", "health"),
    [
        ([], Health.UNKNOWN),
        ([10.0], Health.PASS),
        ([10.1], Health.FAIL),
        ([1.0] * 95 + [99.0] * 5, Health.PASS),
        ([1.0] * 94 + [99.0] * 6, Health.FAIL),
    ],
)
def test_timing(seconds: list[float], health: Health):
    assert timing.judged(seconds, 10.0).health is health


def test_the_record_of_what_production_was_asked(tmp_path: Path):
    log = tmp_path / "production.log"
    sink = api.AuditLog(log, project="a" * 20, engine=engine(), understand=understand)
    sink(identity.QUERY)
    sink(identity.QUERY)
    store = FileStore(tmp_path)
    report = audit.judged(log, store)
    assert report.health is Health.PASS
    sink(identity.QUERY)
    again = audit.judged(log, store)
    assert (again.health, again.evidence["known queries"]) == (Health.PASS, 3)
    assert (report.evidence["known queries"], report.evidence["by query"]) == (2, {"identity": 2})
    put_aside = tmp_path / "evidence.log"
    whole = log.rename(put_aside).read_bytes()
    (tmp_path / "production.log.d" / "head.json").unlink()
    sink(identity.QUERY)
    assert audit.judged(log, store).health is Health.PASS, "another log is begun"
    (tmp_path / "production.log.d" / "head.json").unlink()
    log.write_bytes(whole)
    log.write_bytes(log.read_bytes().replace(b'"identity"', b'"customers"', 1))
    report = audit.judged(log, store)
    assert report.health is Health.FAIL
    assert "line 1: was altered" in report.findings[0].message
