from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from supasync.catalog import collector


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    was = gc.isenabled()
    gc.enable()
    yield
    if not was:
        gc.disable()


def test_there_is_no_search_meanwhile_and_one_again_afterwards() -> None:
    with collector.paused():
        assert not gc.isenabled()
    assert gc.isenabled()


def test_the_last_of_several_pauses_ends_it() -> None:
    one, other = collector.paused(), collector.paused()
    with other:
        one.__enter__()
    assert not gc.isenabled()
    one.__exit__(None, None, None)
    assert gc.isenabled()


def test_it_ends_with_an_error_too() -> None:
    with pytest.raises(KeyError), collector.paused():
        raise KeyError
    assert gc.isenabled()


def test_who_searches_for_none_anyway_is_left_alone() -> None:
    gc.disable()
    with collector.paused(), collector.paused():
        pass
    assert not gc.isenabled()
