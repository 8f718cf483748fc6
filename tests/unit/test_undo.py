"""Which of the schemas that are kept is asked for."""

from __future__ import annotations

import pytest

from supasync.errors import Refused, UsageError
from supasync.sync.bookkeeping.past import Entry
from supasync.sync.job import Undo
from supasync.sync.undo import choose


def entry(number: int, run_id: str, kind: str = "apply") -> Entry:
    return Entry(id=number, run_id=run_id, kind=kind, at=number, form="", fingerprint="")


KEPT = [entry(4, "20260104-d", "undo"), entry(3, "20260103-c"), entry(1, "20260101-a")]


@pytest.mark.parametrize(
    ("undo", "number"),
    [
        (Undo(), 3),
        (Undo(steps=2), 1),
        (Undo(before="20260101-a"), 1),
        (Undo(before="20260104"), 4),
        (Undo(steps=7, before="20260103"), 3),
    ],
)
def test_the_one_asked_for(undo: Undo, number: int):
    assert choose("testing", KEPT, undo).id == number


@pytest.mark.parametrize(
    ("undo", "told"),
    [
        (Undo(steps=3), "the last 2 are kept"),
        (Undo(before="202601"), "several runs begin with 202601"),
        (Undo(before="x"), "no run x is kept"),
    ],
)
def test_what_is_not_there_is_told_with_where_to_look(undo: Undo, told: str):
    with pytest.raises(UsageError, match=told) as error:
        choose("testing", KEPT, undo)
    assert "undo testing --list" in str(error.value.remedy)


def test_a_branch_that_was_never_synced_has_nothing_to_undo():
    with pytest.raises(Refused, match="no sync to undo"):
        choose("testing", [], Undo())
