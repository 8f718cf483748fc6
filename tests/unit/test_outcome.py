"""Verdicts and exit codes."""

import pytest

from supasync import errors
from supasync.events import Verdict
from supasync.sync import outcome


@pytest.mark.parametrize(
    ("error", "verdict", "code"),
    [
        (errors.NotReady("paused"), Verdict.UNKNOWN, 3),
        (errors.TransportError(), Verdict.UNKNOWN, 3),
        (errors.OutcomeUnknown(), Verdict.UNKNOWN, 3),
        (errors.Unauthorized("no", status=401), Verdict.UNKNOWN, 3),
        (errors.LeaseHeld(), Verdict.UNKNOWN, 6),
        (errors.UsageError("no such branch"), Verdict.UNKNOWN, 2),
        (ZeroDivisionError("a fault of ours"), Verdict.UNKNOWN, 3),
        (errors.LossRefused(), Verdict.OUT_OF_SYNC, 4),
        (errors.CannotApply(), Verdict.OUT_OF_SYNC, 4),
        (errors.NotProved(), Verdict.OUT_OF_SYNC, 5),
        (errors.SeedError(), Verdict.OUT_OF_SYNC, 7),
        (errors.UsersError(), Verdict.OUT_OF_SYNC, 8),
    ],
)
def test_an_error_is_a_verdict_and_an_exit_code_and_never_in_sync(error, verdict, code):
    compared = outcome.Outcome("testing")
    compared.equal = False
    finished = compared.failed(error, schema=True)
    assert (finished.verdict, finished.code) == (verdict, code)
    assert finished.error == type(error).__name__
    assert finished.reason
    assert outcome.Outcome("testing").failed(error, schema=False).verdict is None


@pytest.mark.parametrize("error", [errors.LossRefused(), errors.SqlError("x"), errors.Refused()])
def test_of_what_was_not_compared_nothing_is_known(error):
    """A reset that is refused, or a branch that cannot be read, may well be equal."""
    finished = outcome.Outcome("testing").failed(error, schema=True)
    assert (finished.verdict, finished.code) == (Verdict.UNKNOWN, error.exit_code)


def test_a_fault_of_ours_tells_how_to_see_more():
    finished = outcome.Outcome("testing").failed(KeyError("x"), schema=True)
    assert "--debug" in finished.remedy


def test_synced_is_only_said_when_both_sides_were_read_and_equal():
    one = outcome.Outcome("testing")
    assert one.succeeded(code=1).verdict is None
    one.equal = False
    assert (one.succeeded(code=1).verdict, one.succeeded(code=1).code) == ("OutOfSync", 1)
    assert one.succeeded(code=0).code == 0
    one.changed_by_seed = ("table public.extra", "column public.extra.x")
    assert "seed changed the schema: table public.extra, column" in one.succeeded(code=1).reason
    one.changed_by_seed = ("table public.extra",) * 12
    assert one.succeeded(code=1).reason.endswith("and 2 more")
    one.equal = True
    assert (one.succeeded(code=1).verdict, one.succeeded(code=1).code) == ("Synced", 0)


@pytest.mark.parametrize(
    ("codes", "code"),
    [((), 0), ((0, 0), 0), ((0, 7), 7), ((7, 7), 7), ((1, 8), 8), ((3, 8), 3), ((0, 3, 1), 3)],
)
def test_the_run_s_exit_code(codes, code):
    assert outcome.code_of_run(codes) == code
