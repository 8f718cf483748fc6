"""Records as texts, and their digests."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supasync.config import Mask
from supasync.errors import UsageError
from supasync.sync.data import rowtext
from supasync.sync.data.masks import Masker

VALUES = st.lists(st.none() | st.text(), min_size=1)


@given(VALUES)
def test_records_are_read_as_they_are_written(values) -> None:
    assert rowtext.fields(rowtext.record(values)) == values


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("()", [None]),
        ("(,)", [None, None]),
        ('("",a)', ["", "a"]),
        (r'("a ""b"" \\ (c), d",NULL)', [r'a "b" \ (c), d', "NULL"]),
        ('("\n","\x0b")', ["\n", "\x0b"]),
        ("(\u00a0\u2028,é)", ["\u00a0\u2028", "é"]),
    ],
)
def test_what_postgresql_prints(text: str, values) -> None:
    assert rowtext.fields(text) == values
    assert rowtext.record(values) == text


@pytest.mark.parametrize(
    "text", ["", "a", "(", "(a", "a)", '("a)', '(a"b)', "(a)b", "(a))", "((a)"]
)
def test_what_is_no_record(text: str) -> None:
    with pytest.raises(ValueError, match="not a record"):
        rowtext.fields(text)


def test_a_digest_does_not_depend_on_the_order_and_counts_equal_rows() -> None:
    def mark(*rows: str) -> rowtext.Mark:
        digest = rowtext.Digest()
        digest.add(rows)
        return digest.mark()

    assert mark("(a)", "(b)") == mark("(b)", "(a)") != mark("(a)", "(b)", "(b)")
    assert mark("(é)")[:2] == (1, 4)


def test_masked_values_are_a_project_s_own() -> None:
    one, other = Masker("k" * 16, "a" * 20), Masker("k" * 16, "b" * 20)
    for kind, type_ in (("hash", "text"), ("hash", "uuid"), ("email", "text")):
        mask = Mask(kind=kind)
        value = one.value(mask, type_, "digest")
        assert value == one.value(mask, type_, "digest")
        assert value not in {other.value(mask, type_, "digest"), one.value(mask, type_, "another")}
        assert one.value(mask, type_, None) is None
    with pytest.raises(UsageError):
        Masker(None, "a" * 20).value(Mask(kind="hash"), "text", "digest")
    assert one.value(Mask(kind="constant", constant="x"), "text", None) == "x"
    assert one.value(Mask(kind="null"), "text", "read") is None
    assert one.value(None, "text", "as it is") == "as it is"
