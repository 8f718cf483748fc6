from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from supasync.catalog.kinds import BY_NAME, RANK
from supasync.catalog.listing import SEPARATOR, Listing, fingerprint
from supasync.catalog.state import State

SETTINGS = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
DIGESTS = st.sampled_from([letter * 32 for letter in "0af"])
NAMES = st.sampled_from(["a", "b", "ü", "a b", "A", "\x01", "", "}{", '"', "\\", "\n,"])


@st.composite
def rows(draw: st.DrawFn) -> list[list[Any]]:
    """One row per object and per address; columns share their table's catalog and oid."""
    tables = draw(
        st.lists(st.tuples(NAMES, st.integers(1, 9)), unique_by=(lambda t: t[0], lambda t: t[1]))
    )
    found = []
    for name, oid in tables:
        found.append([RANK["table"], ["s", name], draw(DIGESTS), 1259, oid, 0, "more"])
        for sub, column in enumerate(draw(st.lists(NAMES, unique=True, max_size=3)), start=1):
            digest = draw(DIGESTS)
            found.append([RANK["column"], ["s", name, column], digest, 1259, oid, sub])
    return found


def seen(listing: Listing) -> object:
    families = {family: sorted(ids) for family, ids in listing.by_family.items() if ids}
    places = {place: sorted(ids) for place, ids in listing.by_place.items() if ids}
    there = dict(zip(listing.addresses, listing.at(listing.addresses.values()), strict=True))
    return (listing.digests, listing.addresses, families, places, listing.fingerprint(), there)


def addresses(rows: Iterable[list[Any]]) -> set[tuple[int, int]]:
    return {(row[3], row[4]) for row in rows}


@SETTINGS
@given(rows(), rows())
def test_changed_piece_by_piece_it_is_the_one_made_anew(
    before: list[list[Any]], after: list[list[Any]]
) -> None:
    old = Listing.of(before)
    kept = seen(old)
    new = old.changed(addresses(before) | addresses(after), after)
    assert seen(new) == seen(Listing.of(after))
    assert seen(old) == kept


@SETTINGS
@given(rows(), rows(), st.data(), st.booleans())
def test_what_neither_goes_nor_comes_stays_as_it_was(
    before: list[list[Any]], after: list[list[Any]], data: st.DataObject, known: bool
) -> None:
    old = Listing.of(before)
    if known:  # what is found by its address has been asked for
        assert list(old.at([(0, 0, 0)])) == [None]
    gone = data.draw(st.sets(st.sampled_from(sorted(addresses(before)) or [(0, 0)])))
    new = old.changed(gone, after)
    came = {(row[0], *row[1]) for row in after}
    stay = [row for row in before if (row[3], row[4]) not in gone]
    stay = [row for row in stay if (row[0], *row[1]) not in came]
    assert seen(new) == seen(Listing.of([*stay, *after]))


@SETTINGS
@given(rows())
def test_a_row_replaces_the_object_of_its_name(before: list[list[Any]]) -> None:
    moved = [[*row[:4], row[4] + 100, *row[5:]] for row in before]
    assert seen(Listing.of(before).changed([], moved)) == seen(Listing.of(moved))


@SETTINGS
@given(rows())
def test_its_text_reads_back(some: list[list[Any]]) -> None:
    listing = Listing.of(some)
    assert seen(Listing.read(listing.text())) == seen(listing)
    assert fingerprint(listing.text().partition(SEPARATOR)[0]) == listing.fingerprint()


def test_the_fingerprint_tells_which_object_has_which_digest_by_the_digests_alone() -> None:
    """An object's names are in its digest: the order of objects says nothing."""
    one, other = "0" * 31 + "1", "f" * 32
    assert fingerprint(one + other) == fingerprint(other + one) != fingerprint(one)
    assert fingerprint("") != fingerprint("0" * 32)


def test_an_address_is_its_part_s_or_the_whole_s() -> None:
    table, column = ("table", "s", "t"), ("column", "s", "t", "c")
    listing = Listing.of(
        [
            [RANK["table"], ["s", "t"], "x", 1259, 7, 0],
            [RANK["column"], ["s", "t", "c"], "y", 1259, 7, 3],
        ]
    )
    places = [(1259, 7, 0), (1259, 7, 3), (1259, 7, 4), (1259, 8, 0)]
    assert list(listing.at(places)) == [table, column, table, None]
    assert sorted(listing.ids((1259, 7))) == sorted([table, column])
    assert BY_NAME["column"].group == 2
    assert (listing.family(("column", "s", "t")), listing.family(("column", "s"))) == ([column], ())
    assert listing.family(("table", "any")) == [table]


@SETTINGS
@given(rows())
def test_a_packed_state_is_the_same(some: list[list[Any]]) -> None:
    listing = Listing.of(some)
    made = State(stamp="1", fingerprint=listing.fingerprint(), rows=listing, key="k", about={})
    for state in (made, State.from_json(made.to_json())):
        packed = state.packed()
        assert isinstance(packed.rows, bytes)
        assert (packed.count, packed.to_json()) == (state.count, state.to_json())
        assert packed.packed() is packed, "it is packed once"
        assert seen(packed.listing) == seen(listing)
        assert isinstance(packed.packed().rows, bytes), "what was unpacked to be asked is not kept"
