from __future__ import annotations

import gc
import threading
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


def test_it_does_not_run_meanwhile_and_does_again_afterwards() -> None:
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


def test_pauses_of_many_threads_leave_it_on() -> None:
    begin = threading.Barrier(8)
    seen = []

    def pause() -> None:
        begin.wait()
        for _ in range(2000):
            with collector.paused():
                seen.append(gc.isenabled())

    threads = [threading.Thread(target=pause) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == [False] * 16_000
    assert gc.isenabled()


def test_it_ends_with_an_error_too() -> None:
    with pytest.raises(KeyError), collector.paused():
        raise KeyError
    assert gc.isenabled()


def test_one_that_was_off_stays_off() -> None:
    gc.disable()
    with collector.paused(), collector.paused():
        pass
    assert not gc.isenabled()
