"""When a difference is synced, and when not again."""

from __future__ import annotations

import pytest

from supasync.service.attempts import HELD, LONGEST_SECONDS, Attempt, Decision, decide

NOW = 1_800_000_000.0
INTERVAL = 60.0


def ended(ago: float, code: int, plan: str = "p") -> Attempt:
    return Attempt(plan=plan, ended=NOW - ago, code=code)


def test_the_first_is_made_at_once() -> None:
    assert decide([], "p", NOW, INTERVAL) == Decision(now=True)


def test_one_at_a_time() -> None:
    assert not decide([Attempt(plan="other", ended=None)], "p", NOW, INTERVAL).now


@pytest.mark.parametrize("code", [1, 4, 5, 7, 8])
def test_a_plan_that_failed_is_not_tried_again(code: int) -> None:
    decided = decide([ended(LONGEST_SECONDS * 10, code)], "p", NOW, INTERVAL)
    assert not decided.now
    assert "this very change failed" in decided.reason


@pytest.mark.parametrize("code", [2, 7])
def test_a_plan_that_failed_for_its_seed_is_tried_again_with_another_one(code: int) -> None:
    failed = [Attempt(plan="p", seed="wrong", ended=NOW - INTERVAL, code=code)]
    same = decide(failed, "p", NOW, INTERVAL, seed="wrong")
    assert (same.now, "production, the branch or the seed changes" in same.reason) == (False, True)
    assert decide(failed, "p", NOW, INTERVAL, seed="corrected").now
    assert not decide(failed, "p", NOW - 1, INTERVAL, seed="corrected").now, "but not in a loop"
    refused = [Attempt(plan="p", seed="wrong", ended=NOW - INTERVAL, code=4)]
    assert not decide(refused, "p", NOW, INTERVAL, seed="corrected").now


@pytest.mark.parametrize("code", [0, 3, 6])
def test_what_decided_nothing_is_tried_again_later(code: int) -> None:
    assert not decide([ended(INTERVAL - 1, code)], "p", NOW, INTERVAL).now
    assert decide([ended(INTERVAL, code)], "p", NOW, INTERVAL).now


def test_another_plan_is_tried_but_not_in_a_loop() -> None:
    failed = [ended(INTERVAL * 3, 5, "a"), ended(INTERVAL, 5, "b")]
    assert not decide(failed, "c", NOW, INTERVAL).now
    assert decide(failed, "c", NOW + INTERVAL, INTERVAL).now


def test_each_pause_is_twice_the_one_before_up_to_an_hour() -> None:
    begun: list[Attempt] = []
    at, pauses = NOW, list[float]()
    for _ in range(10):
        start = at
        while not decide(begun, "p", at, INTERVAL).now:
            at += 1
        pauses.append(at - start)
        begun.append(Attempt(plan="p", ended=at, code=3))
    assert pauses == [0, 60, 120, 240, 480, 960, 1920, 3600, 3600, 3600]


def test_a_sync_that_was_held_does_not_count() -> None:
    assert decide([ended(1, HELD)], "p", NOW, INTERVAL) == Decision(now=True)
