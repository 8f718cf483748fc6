"""Every step of a sync × everything that can happen to it; without SUPASYNC_FAULTS_EVERYTHING,
each step and each fault."""

from __future__ import annotations

import os

import pytest

from tests.faults.case import Case, carry_out
from tests.faults.harms import FAULTS
from tests.faults.matrix import ALL, FEW
from tests.faults.steps import STEPS, SYNC
from tests.faults.team import Team

EVERYTHING = bool(os.environ.get("SUPASYNC_FAULTS_EVERYTHING"))


@pytest.mark.usefixtures("back")
def test_the_steps_are_those_of_a_sync(team: Team) -> None:
    team.prepare()
    team.proxy.expect()
    assert team.machine.run().code == 0
    assert set(team.proxy.seen) == set(SYNC)


def test_the_few_have_every_step_and_every_fault() -> None:
    assert {case.step for case in FEW} == set(STEPS)
    assert {case.fault.name for case in FEW} == set(FAULTS)


@pytest.mark.parametrize("case", ALL if EVERYTHING else FEW, ids=str)
def test_all_or_nothing_and_the_truth_about_it(team: Team, case: Case) -> None:
    carry_out(team, case)
