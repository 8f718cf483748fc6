"""Timing: 95 of 100 good syncs of the branch keep to the budget in [validation]."""

from __future__ import annotations

import math
from collections.abc import Sequence

from supasync.checks.environment import Branch, BranchCheck
from supasync.events import Finding, Report, durations
from supasync.history.statistics import percentile

_NEWEST = 100


async def _look(branch: Branch) -> Report:
    budget = branch.shared.config.validation.sync_p95_seconds or math.inf
    return judged(durations(branch.shared.history, branch.name)[-_NEWEST:], budget)


def judged(seconds: Sequence[float], budget: float) -> Report:
    """seconds: of each sync. budget: also in seconds."""
    if not seconds:
        message = "no good sync of this branch is recorded on this machine"
        remedy = "Keep .supasync between runs, or take sync_p95_seconds out of [validation]."
        return Report(findings=(Finding(message=message, remedy=remedy, known=False),))
    p95 = percentile(seconds, 0.95)
    evidence = {"p95 seconds": round(p95, 2), "budget seconds": budget, "syncs": len(seconds)}
    if p95 <= budget:
        return Report(evidence=evidence)
    message = f"the 95th percentile of {len(seconds)} syncs is {p95:.1f} s, the budget {budget:g} s"
    remedy = "`supasync branches sync --json` tells each phase's time; see docs/benchmarks.md."
    return Report(findings=(Finding(message=message, remedy=remedy),), evidence=evidence)


def _skip(branch: Branch) -> str:
    none = "[validation] has no sync_p95_seconds"
    return "" if branch.shared.config.validation.sync_p95_seconds else none


ON_BRANCH = BranchCheck("timing", _look, _skip)
