"""Times and durations as Go writes and reads them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

UNITS = {"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "μs": 1e-6, "ms": 1e-3, "s": 1, "m": 60, "h": 3600}
TERM = r"(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h)"
DURATION = re.compile(rf"([+-]?)((?:{TERM})+|0)")


def rfc3339(moment: datetime | None) -> str | None:
    """`2026-01-02T03:04:05.6Z`: UTC, the fraction without trailing zeros."""
    if moment is None:
        return None
    utc = moment.astimezone(UTC)
    fraction = f".{utc.microsecond:06}".rstrip("0").rstrip(".") if utc.microsecond else ""
    return f"{utc:%Y-%m-%dT%H:%M:%S}{fraction}Z"


def duration(text: str) -> timedelta:
    """`1h30m`, `-24h`, `300ms`; raises ValueError in time.ParseDuration's words."""
    matched = DURATION.fullmatch(text)
    if matched is None:
        raise ValueError(f'time: invalid duration "{text}"')
    sign = -1 if matched[1] == "-" else 1
    seconds = sum(float(number) * UNITS[unit] for number, unit in re.findall(TERM, matched[2]))
    try:
        return timedelta(seconds=sign * seconds)
    except OverflowError as error:
        raise ValueError(f'time: invalid duration "{text}"') from error
