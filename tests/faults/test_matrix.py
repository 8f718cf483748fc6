"""Every step of a sync × everything that can happen to it. Without SUPASYNC_FAULTS_EVERYTHING a
part: each step and each fault, in other pairs for each."""

from __future__ import annotations

import os

import pytest

from tests.faults.case import Case, carry_out
from tests.faults.matrix import ALL
from tests.faults.steps import SYNC
from tests.faults.team import Team

EVERYTHING = bool(os.environ.get("SUPASYNC_FAULTS_EVERYTHING"))


def chosen() -> list[Case]:
    return ALL if EVERYTHING else ALL[::17]


def test_the_steps_are_those_of_a_sync(team: Team) -> None:
    team.prepare()
    team.proxy.expect()
    assert team.machine.run().code == 0
    assert set(team.proxy.seen) == set(SYNC)


@pytest.mark.parametrize("case", chosen(), ids=str)
def test_all_or_nothing_and_the_truth_about_it(team: Team, case: Case) -> None:
    carry_out(team, case)
