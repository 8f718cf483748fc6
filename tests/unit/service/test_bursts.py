"""When a burst is over."""

from __future__ import annotations

import pytest

from supasync.service.jobs.inbox import Burst


@pytest.mark.parametrize(
    ("oldest", "newest", "now", "left"),
    [
        (100, 100, 100, 5),
        (100, 103, 104, 4),
        (100, 103, 108, 0),
        (100, 128, 129, 1),  # it does not end, so it is cut
        (100, 130, 131, 0),
        (100, 100, 50, 0),  # the clock was set back
        (100, 103, 102, 6),  # stored by a machine whose clock is ahead
        (100, 100, 1000, 0),
    ],
)
def test_a_burst_ends_after_a_quiet_or_when_it_is_long(
    oldest: float, newest: float, now: float, left: float
) -> None:
    burst = Burst(branch="testing", oldest=oldest, newest=newest)
    assert burst.pause(now, quiet=5, longest=30) == left
