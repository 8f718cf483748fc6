"""From a run's document to the values of model.py."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from supasync.events import Verdict
from supasync.history.backend import Row
from supasync.history.model import (
    NOT_ENDED,
    SILENT_SECONDS,
    BranchRun,
    Login,
    PhaseTime,
    RunRecord,
    State,
    Step,
)

STEPS_KEPT = 1000
"""Of a branch's plan, so that one run does not fill the history."""

RUN = (
    "r.number, r.id, r.attempt, r.command, r.source, r.dry_run, r.cause, r.holder,"
    " r.started, r.ended, r.exit_code, r.document, r.heard,"
    " exists (select 1 from runs later where later.id = r.id and later.attempt > r.attempt)"
)
WIDTH = 14
"""Columns of RUN."""
PART = "b.branch, b.document"
"""The columns that the functions below read."""

Document = Mapping[str, Any]


def bounded(part: Document) -> Document:
    """A branch's part as it is kept: without SQL, which may hold a secret, and without the steps
    of its plan beyond STEPS_KEPT."""
    plan = part.get("plan")
    if not plan:
        return part
    steps = plan.get("steps", ())
    kept = {key: value for key, value in plan.items() if key != "sql"}
    if len(steps) > STEPS_KEPT:
        kept |= {"steps": steps[:STEPS_KEPT], "steps_left_out": len(steps) - STEPS_KEPT}
    return {**part, "plan": kept}


def state(row: Row, now: float) -> State:
    """now: seconds since the epoch. Of several attempts only the last can be running."""
    if row[9] is not None:
        return State.ENDED
    started, heard, taken_up = row[8], row[12], row[13]
    silent = now - (started if heard is None else heard) > SILENT_SECONDS
    return State.INTERRUPTED if silent or taken_up else State.RUNNING


def document(row: Row, parts: Sequence[Row], now: float) -> dict[str, Any]:
    """The whole run as `events.Summary.to_json` has it. row: RUN's; parts: PART's, in order."""
    return {**_run_document(row), "branches": [_part(row, part, now) for part in parts]}


def record(row: Row, parts: Sequence[Row], now: float) -> RunRecord:
    whole = _run_document(row)
    calls = whole["api_calls"]
    return RunRecord(
        number=row[0],
        id=row[1],
        attempt=row[2],
        command=row[3],
        source=row[4],
        dry_run=bool(row[5]),
        trigger=row[6],
        by=row[7],
        started=row[8],
        ended=row[9],
        state=state(row, now),
        heard=row[12],
        seconds=None if row[9] is None else row[9] - row[8],
        exit_code=row[10],
        api_calls=calls["total"],
        sql_calls=calls["sql"],
        routes=dict(calls["routes"]),
        branches=tuple(branch_run(row, part, now) for part in parts),
    )


def branch_run(row: Row, part: Row, now: float) -> BranchRun:
    found, calls = _part(row, part, now), _run_document(row)["api_calls"]
    plan, seconds = found.get("plan") or {}, found.get("seconds")
    main, before = plan.get("source_fingerprint", ""), plan.get("target_fingerprint", "")
    synced = found["verdict"] == Verdict.SYNCED
    untouched = before if found["verdict"] is not None and not found.get("changed") else ""
    return BranchRun(
        number=row[0],
        run_id=row[1],
        attempt=row[2],
        command=row[3],
        trigger=row[6],
        by=row[7],
        branch=part[0],
        ref=found.get("ref", ""),
        started=row[8],
        ended=None if seconds is None else row[8] + seconds,
        state=state(row, now),
        heard=row[12],
        seconds=seconds,
        verdict=found["verdict"],
        code=found.get("code"),
        changed=bool(found.get("changed")),
        reason=found.get("reason", ""),
        remedy=found.get("remedy", ""),
        error=found.get("error", ""),
        api_calls=calls["total"],
        sql_calls=found.get("sql_calls", 0),
        phases=tuple(
            PhaseTime(
                phase=each["phase"], seconds=each["seconds"], ok=each["ok"], note=each["note"]
            )
            for each in found["phases"]
        ),
        main=main,
        before=before,
        after=main if synced else untouched,
        steps=tuple(_step(each) for each in plan.get("steps", ())),
        left_out=plan.get("steps_left_out", 0),
        seeds=tuple(each["file"] for each in found.get("seed", ())),
        logins=tuple(_login(each) for each in found.get("users", ())),
        notices=tuple(found.get("notices", ())),
    )


def _run_document(row: Row) -> dict[str, Any]:
    if row[11] is not None:
        return dict(json.loads(row[11]))
    return {
        "run": {
            "id": row[1],
            "command": row[3],
            "source": row[4],
            "dry_run": bool(row[5]),
            "started_at": row[8],
            "seconds": None,
            "exit_code": None,
        },
        "api_calls": {"total": 0, "sql": 0, "routes": {}},
        "main": {"phases": []},
    }


def _part(row: Row, part: Row, now: float) -> dict[str, Any]:
    if part[1] is not None:
        return dict(json.loads(part[1]))
    return {
        "name": part[0],
        "ref": "",
        "verdict": Verdict.UNKNOWN if row[9] is None else None,
        "changed": False,
        "reason": NOT_ENDED.get(state(row, now), ""),
        "remedy": "",
        "error": "",
        "code": None,
        "seconds": None,
        "phases": [],
    }


def _step(found: Document) -> Step:
    return Step(
        verb=found["verb"],
        object=found["object"],
        fields=tuple(found["fields"]),
        hazards=tuple(each["name"] for each in found["hazards"]),
    )


def _login(found: Document) -> Login:
    return Login(
        email=found["email"],
        role=found["role"],
        login=found["login"],
        action=found["action"],
        ok=found["ok"],
        reason=found.get("reason", ""),
    )
