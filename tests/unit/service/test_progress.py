"""What the page follows of a run."""

from __future__ import annotations

import asyncio

from supasync.events import (
    BranchFinished,
    Phase,
    PhaseFinished,
    PhaseStarted,
    PlanMade,
    RunFinished,
    RunStarted,
    Verdict,
    Waiting,
)
from supasync.service import progress
from supasync.service.jobs.port import Action, Request, Trigger
from supasync.service.progress import Progress

WANTED = Request(branch="testing", trigger=Trigger.MANUAL, action=Action.DRY_RUN)
STARTED = RunStarted(
    run_id="r", command="branches sync", source="main", branches=("testing",), dry_run=True, at=1.0
)


def test_it_is_in_the_phase_of_the_branch_itself() -> None:
    followed = Progress()
    activity = followed.begin(WANTED, "r", 1.0)
    for event, phase, told in (
        (STARTED, None, ""),
        (PhaseStarted(branch="main", phase=Phase.OBSERVE), None, ""),
        (PhaseStarted(branch="testing", phase=Phase.READY), Phase.READY, ""),
        (Waiting(branch="testing", message="clone"), Phase.READY, "clone"),
        (PhaseFinished(branch="main", phase=Phase.OBSERVE, seconds=1.0), Phase.READY, "clone"),
        (PhaseFinished(branch="testing", phase=Phase.READY, seconds=1.0), None, ""),
    ):
        followed.tell(activity, event)
        assert (activity.phase, activity.told) == (phase, told), event
    assert followed.of("testing") is activity
    assert followed.of("preview") is None
    assert [each.phase for each in activity.branch.phases] == [Phase.READY]


def test_a_long_script_is_cut_at_a_line() -> None:
    followed = Progress()
    activity = followed.begin(WANTED, "r", 1.0)
    followed.tell(activity, STARTED)
    script = "select 1;\n" * progress.SQL_KEPT
    followed.tell(activity, PlanMade(branch="testing", steps=(), objects=1, sql=script))
    assert activity.branch.plan is not None
    kept, _, told = activity.branch.plan.sql.partition("\n\n-- ")
    assert len(kept) <= progress.SQL_KEPT
    assert script.startswith(kept + "\n")
    assert "branches diff NAME --sql" in told


async def test_who_follows_hears_of_each_change_until_the_service_ends() -> None:
    followed, told = Progress(), asyncio.Queue[BranchFinished | None]()
    activity = followed.begin(WANTED, "r", 1.0)

    async def follow() -> None:
        async for _ in followed.changes(patience=60):
            told.put_nowait(activity.branch.finished)

    following = asyncio.create_task(follow())
    assert await told.get() is None
    finished = BranchFinished(branch="testing", ref="", verdict=Verdict.SYNCED, seconds=1.0)
    for event in (STARTED, finished, RunFinished(run_id="r", seconds=1.0, exit_code=0, at=2.0)):
        followed.tell(activity, event)
    assert await asyncio.wait_for(told.get(), 5) == finished
    followed.close()
    await asyncio.wait_for(following, 5)
    assert told.empty()
