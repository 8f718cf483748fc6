from __future__ import annotations

from graphlib import CycleError

import pytest

from supasync.catalog.order import Circular, sort, sort_folded


def test_ties_are_broken_by_the_key() -> None:
    assert sort("cab", [], key=str) == ["a", "b", "c"]


def test_order_beats_the_key() -> None:
    assert sort("abc", [("c", "a")], key=str) == ["b", "c", "a"]


def test_a_cycle_is_an_error() -> None:
    with pytest.raises(CycleError):
        sort("ab", [("a", "b"), ("b", "a")], key=str)


def test_members_fold_into_their_leader() -> None:
    nodes, folds = sort_folded(["t", "col", "x"], [("x", "col")], {"col": "t"}, key=str)
    assert (nodes, folds) == (["x", "t"], {"col": "t"})


def test_only_the_fold_that_is_tied_into_a_cycle_is_undone() -> None:
    # x needs the table, the default needs x; the other default does not
    leader = {"col": "t", "default": "col", "col2": "t", "default2": "col2"}
    before = [("t", "x"), ("x", "default"), ("col", "default"), ("t", "col"), ("t", "col2")]
    nodes, folds = sort_folded(["t", "x", *leader], before, leader, key=str)
    assert nodes == ["t", "x", "default"]
    assert folds == {"col": "t", "col2": "t", "default2": "col2"}


def test_a_cycle_without_folds_is_told_with_all_that_hangs_together() -> None:
    # two circles that share b, one apart from them, and what only stands before, between and after
    circles = [("a", "b"), ("b", "a"), ("b", "c"), ("c", "b"), ("x", "y"), ("y", "z"), ("z", "x")]
    others = [("first", "a"), ("c", "between"), ("between", "x"), ("z", "last")]
    nodes = ["a", "b", "c", "x", "y", "z", "first", "between", "last"]
    with pytest.raises(Circular) as caught:
        sort_folded(nodes, circles + others, {}, key=str)
    assert sorted(map(sorted, caught.value.components)) == [["a", "b", "c"], ["x", "y", "z"]]
    assert set(caught.value.circle) <= {"a", "b", "c"} or set(caught.value.circle) <= {*"xyz"}
