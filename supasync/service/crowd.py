"""Connections that have not said yet what they want. Of one network only some may go on waiting, so
that nobody takes all that the process can have open."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Sequence
from ipaddress import ip_address, ip_network
from typing import Protocol

from supasync.ports import Clock
from supasync.service.throttle import Seldom, network

logger = logging.getLogger(__name__)

MOST = 32
"""Of one network."""

YOUNG_SECONDS = 1.0
"""A request's head comes together with its connection, but a burst of them is not read at once: who
came so lately is not closed."""


class Connection(Protocol):
    def leave(self) -> None:
        """Closes it."""


class Crowd:
    """trusted: addresses or networks of proxies, each of which may have as many as it likes."""

    def __init__(self, trusted: Sequence[str], clock: Clock) -> None:
        self._trusted = [ip_network(each, strict=False) for each in trusted]
        self._clock, self._seldom = clock, Seldom(clock)
        self._waiting: defaultdict[str, dict[Connection, float]] = defaultdict(dict)

    def came(self, connection: Connection, address: str) -> None:
        """It waits, for which others of its network that have waited for long may be closed."""
        if self._is_trusted(address):
            return
        now, waiting = self._clock.monotonic(), self._waiting[network(address)]
        waiting[connection] = now
        too_many = list(waiting.items())[: max(0, len(waiting) - MOST)]  # the oldest ones
        leaving = [each for each, since in too_many if now - since >= YOUNG_SECONDS]
        for each in leaving:
            each.leave()
            del waiting[each]
        if leaving:
            self.tell(address, len(leaving), f"more than {MOST} of one network waited")

    def gone(self, connection: Connection, address: str) -> None:
        """It waits no longer, or never did."""
        key = network(address)
        if key in self._waiting:
            self._waiting[key].pop(connection, None)
            if not self._waiting[key]:
                del self._waiting[key]

    def tell(self, address: str, many: int, reason: str) -> None:
        """That so many connections were closed before their request had come."""
        if self._seldom.may(address):
            facts = {"address": address, "many": many, "reason": reason}
            logger.warning("connections were closed", extra=facts)

    def _is_trusted(self, address: str) -> bool:
        try:
            parsed = ip_address(address)
        except ValueError:
            return False
        return any(parsed in each for each in self._trusted)
