"""When a branch counts as ready, and when it no longer pays to wait."""

from __future__ import annotations

import pytest

from supasync.api.models import BranchStatus, ProjectStatus
from supasync.errors import NotReady
from supasync.sync.lifecycle import states
from supasync.sync.lifecycle.readiness import PROBES, WAITS, Readiness, Seen

GOOD = Seen(schema="one")
COMING = Seen(word="COMING_UP", state=states.PROJECT["COMING_UP"])
NO_SQL = Seen(word="sql", state=WAITS["sql"], told="connection refused")


def answers(*seen: Seen, total: float | None = None) -> list[bool]:
    """What each probe decided, one second after the other."""
    readiness = Readiness("testing", total=total)
    return [readiness.add(each, float(at)) for at, each in enumerate(seen)]


def test_several_good_probes_in_a_row_make_it_ready():
    assert answers(*[GOOD] * PROBES) == [False] * (PROBES - 1) + [True]


@pytest.mark.parametrize("bad", [COMING, NO_SQL])
def test_one_bad_probe_starts_the_count_again(bad: Seen):
    assert True not in answers(GOOD, GOOD, bad, GOOD, GOOD)
    assert answers(GOOD, GOOD, bad, GOOD, GOOD, GOOD)[-1]


def test_a_schema_that_changes_starts_the_count_again():
    other = Seen(schema="two")
    assert True not in answers(GOOD, GOOD, other, other)
    assert answers(GOOD, GOOD, other, other, other)[-1]


def test_a_schema_that_never_settles_is_given_up():
    limit = WAITS["settling"].seconds
    with pytest.raises(NotReady, match="still being changed"):
        answers(*(Seen(schema=str(number)) for number in range(limit + 2)))


WAITED_FOR = {**states.PROJECT, **states.BRANCH, **WAITS}


@pytest.mark.parametrize("word", WAITED_FOR)
def test_every_state_has_a_time_limit_and_a_next_action(word: str):
    state = WAITED_FOR[word]
    readiness = Readiness("testing")
    seen = Seen(word=word, state=state)
    if state.seconds:
        assert not readiness.add(seen, 0.0)
        assert not readiness.add(seen, state.seconds - 0.5)
    with pytest.raises(NotReady, match=word) as error:
        readiness.add(seen, float(state.seconds))
    assert state.told in error.value.message
    assert len(error.value.remedy or "") > 20


def test_the_limit_is_of_each_state_by_itself():
    readiness, limit = Readiness("testing"), COMING.state.seconds
    assert not readiness.add(COMING, 0.0)
    assert not readiness.add(NO_SQL, limit - 1.0)
    assert not readiness.add(COMING, limit + 1.0)
    assert not readiness.add(COMING, limit + 2.0)


def test_all_time_may_be_over_first():
    with pytest.raises(NotReady, match=r"\(sql\): connection refused; 2 s are over"):
        answers(NO_SQL, NO_SQL, NO_SQL, total=2)
    with pytest.raises(NotReady, match="was not ready for long; 1 s are over"):
        answers(GOOD, GOOD, GOOD, total=1)


@pytest.mark.parametrize("word", ProjectStatus)
def test_every_word_of_the_platform_about_a_project_is_known(word: str):
    assert (word in states.PROJECT) != (word in states.FINE)


@pytest.mark.parametrize("word", BranchStatus)
def test_every_word_of_the_platform_about_a_branch_is_known(word: str):
    assert (word in states.BRANCH) != (word in states.FINE)


def test_a_new_word_is_waited_for():
    word, state = states.of("SOMETHING_NEW", "MIGRATIONS_PASSED")
    assert word == "SOMETHING_NEW" and state.seconds > 0
    assert states.of("ACTIVE_HEALTHY", "FUNCTIONS_DEPLOYED") is None
    assert states.of("", "") is None
