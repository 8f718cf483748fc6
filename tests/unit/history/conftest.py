"""A history in a file, and runs to put into it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from supasync.events import (
    ApiCalls,
    BranchFinished,
    Event,
    HazardSeen,
    Phase,
    PhaseFinished,
    PlanMade,
    PlannedStep,
    RunFinished,
    RunStarted,
    Summary,
    UserVerified,
    Verdict,
)
from supasync.history import Begun, History
from supasync.history.retention import Retention
from supasync.history.sqlite import File

AT = 1_800_000_000.0
Open = Callable[..., History]


@pytest.fixture
def told() -> list[str]:
    return []


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / ".supasync" / "history.sqlite"


@pytest.fixture
def open_history(file: Path, told: list[str]) -> Open:
    def open_(
        *, days: float = 36_500, runs: int = 1000, now: Callable[[], float] = lambda: AT + 1000
    ) -> History:
        return History(
            File(file),
            earlier=file.parent,
            retention=Retention(days=days, runs=runs),
            tell=told.append,
            now=now,
        )

    return open_


@pytest.fixture
def history(open_history: Open) -> History:
    return open_history()


def begun(id_: str, *branches: str, at: float = AT, trigger: str = "command") -> Begun:
    return Begun(
        id=id_,
        command="branches sync",
        branches=branches or ("testing",),
        at=at,
        trigger=trigger,
        by="alice@laptop (process 4711)",
    )


def summary(
    run: Begun, *, seconds: float = 2.0, verdict: Verdict = Verdict.SYNCED, code: int = 0
) -> Summary:
    """What a sync's events come to."""
    found = Summary()
    for event in events(run, seconds, verdict, code):
        found(event)
    return found


def events(run: Begun, seconds: float, verdict: Verdict, code: int) -> list[Event]:
    hazard = HazardSeen(name="data-loss", message="TABLE public.old is dropped")
    step = PlannedStep(verb="drop", object="TABLE public.old", hazards=(hazard,))
    found: list[Event] = [
        RunStarted(
            run_id=run.id,
            command=run.command,
            source="main",
            branches=run.branches,
            dry_run=False,
            at=run.at,
        )
    ]
    for name in run.branches:
        found += [
            PhaseFinished(branch=name, phase=Phase.APPLY, seconds=0.5, note="3 calls", ok=not code),
            PlanMade(
                branch=name,
                steps=(step,),
                objects=10,
                source_fingerprint="m" * 32,
                target_fingerprint="b" * 32,
                sql="drop table public.old; -- a secret",
            ),
            UserVerified(
                branch=name,
                email="admin@example.test",
                role="admin",
                login="password",
                action="found",
                ok=True,
            ),
            BranchFinished(
                branch=name,
                ref="a" * 20,
                verdict=verdict,
                seconds=seconds,
                changed=not code,
                reason="the seed failed" if code else "",
                code=code,
                sql_calls=7,
            ),
        ]
    query = "POST /v1/projects/{ref}/database/query"
    return [
        *found,
        ApiCalls(calls={query: 7, "GET /v1/projects/{ref}/branches": 1}),
        RunFinished(run_id=run.id, seconds=seconds, exit_code=code, at=run.at + seconds),
    ]


def keep(history: History, run: Begun, **how: object) -> None:
    attempt = history.begin(run)
    history.end(run, attempt, summary(run, **how).to_json())  # type: ignore[arg-type]
