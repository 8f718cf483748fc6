"""How often one address may ask. A bucket of tokens for each, of which only the latest are kept."""

from __future__ import annotations

import ipaddress
from collections import OrderedDict
from dataclasses import dataclass

from supasync.ports import Clock

BURST_SECONDS = 3.0
"""A bucket holds what is given in so many seconds."""

TOLD_SECONDS = 60.0
"""What one address does wrong is logged once in so many seconds."""

_ADDRESSES = 10_000
_SUBNET = 64
"""Bits of an IPv6 address that belong to one customer (RFC 6177); the rest he chooses himself."""


@dataclass
class _Bucket:
    tokens: float
    at: float


class Throttle:
    def __init__(self, rate: float, clock: Clock) -> None:
        """rate: requests a second, of each address."""
        self._rate, self._most, self._clock = rate, max(1.0, rate * BURST_SECONDS), clock
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()

    def wait(self, address: str) -> float:
        """Seconds after which the address may ask again; 0 when it may now, which is then
        counted."""
        now, key = self._clock.monotonic(), network(address)
        bucket = self._buckets.setdefault(key, _Bucket(self._most, now))
        self._buckets.move_to_end(key)
        if len(self._buckets) > _ADDRESSES:
            self._buckets.popitem(last=False)
        bucket.tokens = min(self._most, bucket.tokens + (now - bucket.at) * self._rate)
        bucket.at = now
        if bucket.tokens < 1:
            return (1 - bucket.tokens) / self._rate
        bucket.tokens -= 1
        return 0.0


class Seldom:
    """What one address does too often is told only now and then."""

    def __init__(self, clock: Clock) -> None:
        self._throttle = Throttle(1 / TOLD_SECONDS, clock)

    def may(self, address: str) -> bool:
        """Whether it may be told now; True at most once in TOLD_SECONDS."""
        return self._throttle.wait(address) == 0


def network(address: str) -> str:
    """What counts as one address."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address  # of no network: a test's, a socket's
    if parsed.version == 4:
        return address
    if parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((parsed, _SUBNET), strict=False))
