"""Which change of a setting makes a project less secure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final


@dataclass(frozen=True, kw_only=True)
class Direction:
    """words: what is less secure, as `a smaller number`; weakens: whether a change from the first
    value to the second is. A value that is not set is null; where that says nothing, a change from
    or to it counts as less secure."""

    words: str
    weakens: Callable[[Any, Any], bool]


def names(listed: Any) -> frozenset[str]:
    """The names in `public, graphql_public`."""
    return frozenset(name for part in str(listed or "").split(",") if (name := part.strip()))


def _rises(now: Any, wanted: Any) -> bool:
    return now is None or wanted is None or wanted > now


def _falls(now: Any, wanted: Any) -> bool:
    return now is None or wanted is None or wanted < now


def _lasts_longer(now: Any, wanted: Any) -> bool:
    return float(wanted or "inf") > float(now or "inf")


def ranked(values: Sequence[str], words: str) -> Direction:
    """values: from the least secure to the most. A change from or to one that is not known counts
    as less secure."""

    def weakens(now: Any, wanted: Any) -> bool:
        known = now in values and wanted in values
        return now != wanted and (not known or values.index(wanted) < values.index(now))

    return Direction(words=words, weakens=weakens)


NEITHER: Final = Direction(words="", weakens=lambda _now, _wanted: False)
OFF: Final = Direction(words="turned off", weakens=lambda now, wanted: bool(now) and not wanted)
ON: Final = Direction(words="turned on", weakens=lambda now, wanted: bool(wanted) and not now)
SMALLER: Final = Direction(words="a smaller number", weakens=_falls)
GREATER: Final = Direction(words="a greater number", weakens=_rises)
LONGER: Final = Direction(words="a longer time; 0 is no limit", weakens=_lasts_longer)
MORE: Final = Direction(
    words="more entries in the list",
    weakens=lambda now, wanted: not names(wanted) <= names(now),
)
