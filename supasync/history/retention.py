"""How long runs are kept."""

from __future__ import annotations

from dataclasses import dataclass

from supasync.history.backend import Execute

_DAY_SECONDS = 86_400


@dataclass(frozen=True, kw_only=True)
class Retention:
    """days since a run began, and how many runs; whichever is reached first. The newest run of each
    branch stays: it is what is known of the branch."""

    days: float
    runs: int

    def apply(self, execute: Execute, now: float) -> None:
        """Deletes what is older or more. now: seconds since the epoch."""
        oldest = now - self.days * _DAY_SECONDS
        surplus = execute(
            "select started from runs order by started desc limit 1 offset ?", (self.runs - 1,)
        )
        if surplus:
            oldest = max(oldest, surplus[0][0])
        execute(
            "delete from runs where started < ? and not exists"
            " (select 1 from branch_runs b where b.run = runs.number and b.started ="
            " (select max(c.started) from branch_runs c where c.branch = b.branch))",
            (oldest,),
        )
