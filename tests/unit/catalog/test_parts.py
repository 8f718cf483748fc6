from __future__ import annotations

from itertools import chain

from hypothesis import given
from hypothesis import strategies as st

from supasync.catalog import fetching
from supasync.catalog.fetching import Wanted


def _wanted(counts: dict[int, list[int]]) -> Wanted:
    """By rank: one address for each sub id of each oid, the last oid first."""
    return {
        rank: [(1259, oid, sub) for oid in range(len(subs), 0, -1) for sub in range(subs[oid - 1])]
        for rank, subs in counts.items()
    }


SUBS = st.lists(st.sampled_from([1, 2, 7, 1500]), max_size=12)


@given(st.dictionaries(st.integers(0, 3), SUBS, max_size=3))
def test_parts_have_everything_once_and_whole_objects(counts: dict[int, list[int]]) -> None:
    wanted = _wanted(counts)
    parts = list(fetching.parts(wanted))
    for rank, addresses in wanted.items():
        found = list(chain.from_iterable(part.get(rank, []) for part in parts))
        assert sorted(found) == sorted(addresses)
        for oid in {oid for _, oid, _ in addresses}:
            assert sum(any(a[1] == oid for a in part.get(rank, [])) for part in parts) == 1
    sizes = [sum(map(len, part.values())) for part in parts]
    assert all(5000 <= size < 5000 + 1500 for size in sizes[:-1])
