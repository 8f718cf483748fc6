"""Any sequence of changes, syncs, faults, crashes and undos: what has to be true stays true.

As many as fit in `SUPASYNC_FAULTS_SECONDS`; without it, the same few each time.
"""

from __future__ import annotations

import os
import time

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from supasync.sync.job import SEED_RUN, SYNC, Undo, undo
from tests.faults.case import Case, judge, lease_ends, suffer
from tests.faults.harms import FAULTS
from tests.faults.steps import SYNC as STEPS
from tests.faults.team import USERS, Team
from tests.faults.test_together import BRANCH, MAIN

SECONDS = float(os.environ.get("SUPASYNC_FAULTS_SECONDS", "0"))
FEW, LONG = 1, 6

JOBS = {"sync": SYNC, "undo": undo(Undo(), dry_run=False), "seed": SEED_RUN}
UNHARMED = Case("", FAULTS["reset before"])
KILLS = [name for name, fault in FAULTS.items() if fault.kills]


class Syncs(RuleBasedStateMachine):
    """earlier: what the branch's schema was before each of its changes by us, the newest last."""

    def __init__(self, team: Team, end: float) -> None:
        super().__init__()
        self.team, self.end = team, end
        self.earlier: list[str] = []
        team.sql("delete from supasync.past; delete from supasync.journal where kind <> 'seed'")
        self._sync()

    @property
    def over(self) -> bool:
        return time.monotonic() > self.end

    @rule(text=st.sampled_from(MAIN))
    def drift_on_main(self, text: str) -> None:
        self.team.as_owner(text)

    @rule(text=st.sampled_from(BRANCH))
    def drift_on_branch(self, text: str) -> None:
        self.team.as_owner(text, main=False)

    @rule(email=st.sampled_from(USERS))
    def lose_a_user(self, email: str) -> None:
        self.team.sql("delete from auth.users where email = %s", email)

    @rule()
    def sync(self) -> None:
        self._sync()

    @rule()
    def reseed(self) -> None:
        self._run(UNHARMED, "seed")

    @rule()
    def undo(self) -> None:
        self._run(UNHARMED, "undo")

    @rule(
        job=st.sampled_from(sorted(JOBS)),
        step=st.sampled_from(STEPS),
        name=st.sampled_from(sorted(FAULTS.keys() - {*KILLS})),
        stays=st.booleans(),
    )
    def fault(self, job: str, step: str, name: str, stays: bool) -> None:
        fault = FAULTS[name]
        self._run(Case(step, fault, stays and fault.stays), job)

    @rule(
        job=st.sampled_from(sorted(JOBS)), step=st.sampled_from(STEPS), name=st.sampled_from(KILLS)
    )
    def crash(self, job: str, step: str, name: str) -> None:
        self._run(Case(step, FAULTS[name]), job)

    @invariant()
    def nothing_stray(self) -> None:
        facts = self.team.facts()
        assert not facts.strays
        assert facts.seeds == facts.journaled
        assert set(facts.accounts) <= set(USERS)

    def _sync(self) -> None:
        assert self._run(UNHARMED, "sync") == 0
        assert self.over or self.team.facts().accounts == USERS

    def _run(self, case: Case, job: str) -> int | None:
        """Returns the exit code; None when it was killed."""
        if self.over:
            return 0
        team = self.team
        earlier = team.facts()
        after = self._after(job, earlier.dump)
        told = suffer(team, case, job=JOBS[job])
        now = judge(team, case, told, earlier, after)
        if now.applied > earlier.applied and job == "sync":
            self.earlier.append(earlier.dump)
        lease_ends(team, may_be_left=case.leases_left)
        return told.code if told else None

    def _after(self, job: str, now: str) -> str:
        if job == "sync":
            return self.team.dump(self.team.box.main)
        return self.earlier[-1] if job == "undo" and self.earlier else now


@pytest.mark.usefixtures("back")
def test_what_has_to_be_true_stays_true(team: Team) -> None:
    end = time.monotonic() + (SECONDS or 3600)
    run_state_machine_as_test(
        lambda: Syncs(team, end),
        settings=settings(
            max_examples=max(FEW, int(SECONDS / 5)),
            stateful_step_count=LONG,
            deadline=None,
            derandomize=not SECONDS,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
