"""How long runs are kept."""

from __future__ import annotations

from dataclasses import dataclass

from supasync.history.backend import Execute

_DAY_SECONDS = 86_400


@dataclass(frozen=True, kw_only=True)
class Retention:
    """days since a run began, and how many runs; whichever is reached first."""

    days: float
    runs: int

    def apply(self, execute: Execute, now: float) -> None:
        """Deletes what is older; both look along an index only."""
        oldest = now - self.days * _DAY_SECONDS
        surplus = execute(
            "select started from runs order by started desc limit 1 offset ?", (self.runs - 1,)
        )
        if surplus:
            oldest = max(oldest, surplus[0][0])
        execute("delete from runs where started < ?", (oldest,))
