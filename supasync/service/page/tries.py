"""How often an address may be wrong about the token."""

from __future__ import annotations

from collections import OrderedDict, deque

from supasync.ports import Clock
from supasync.service import throttle

MOST = 5
WITHIN_SECONDS = 300.0
_ADDRESSES = 10_000


class Tries:
    """The latest wrong ones of each address; of too many addresses the oldest are forgotten."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._wrong: OrderedDict[str, deque[float]] = OrderedDict()

    def wait(self, address: str) -> float:
        """Seconds until the next one is heard; 0 when it is now."""
        wrong = self._wrong.get(throttle.network(address))
        if wrong is None or len(wrong) < MOST:
            return 0.0
        return max(0.0, wrong[0] + WITHIN_SECONDS - self._clock.monotonic())

    def wrong(self, address: str) -> None:
        key = throttle.network(address)
        self._wrong.setdefault(key, deque(maxlen=MOST)).append(self._clock.monotonic())
        self._wrong.move_to_end(key)
        if len(self._wrong) > _ADDRESSES:
            self._wrong.popitem(last=False)

    def right(self, address: str) -> None:
        self._wrong.pop(throttle.network(address), None)
