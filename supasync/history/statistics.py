"""How reliable and how quick syncs are, from when they began and how they ended."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from supasync.events import Verdict
from supasync.history.model import Statistics, first_run


@dataclass(frozen=True, kw_only=True)
class Sync:
    """A branch's part of a sync. run: its id. ended, code: None when no end is recorded. verdict:
    None when it was not about the schema."""

    run: str
    branch: str
    started: float
    ended: float | None
    verdict: str | None
    code: int | None

    @property
    def good(self) -> bool:
        return self.code == 0


def percentile(values: Collection[float], share: float) -> float:
    """By the nearest rank. values: one at least. share: above 0, at most 1."""
    return sorted(values)[math.ceil(share * len(values)) - 1]


def of_syncs(syncs: Sequence[Sync], branch: str | None, *, since: float, now: float) -> Statistics:
    """syncs: of all branches that count, each branch's oldest first."""
    by_branch: dict[str, list[Sync]] = {}
    for sync in syncs:
        by_branch.setdefault(sync.branch, []).append(sync)
    counted = [
        sync
        for each in by_branch.values()
        for sync in _last_of_runs(each)
        if (sync.ended or sync.started) >= since
        and not (sync.ended is None and sync is each[-1])  # it may still be running
    ]
    converged = [
        seconds for each in by_branch.values() for at, seconds in _converged(each) if at >= since
    ]
    return Statistics(
        branch=branch,
        since=since,
        syncs=len(counted),
        succeeded=sum(sync.good for sync in counted),
        p50=percentile(converged, 0.5) if converged else None,
        p95=percentile(converged, 0.95) if converged else None,
        unknown_seconds=sum(_unknown(each, since, now) for each in by_branch.values()),
    )


def _last_of_runs(syncs: Sequence[Sync]) -> Collection[Sync]:
    """Of each run's attempts, with those of the runs that followed it, the last one."""
    return {first_run(sync.run): sync for sync in syncs}.values()


def _converged(syncs: Sequence[Sync]) -> Iterable[tuple[float, float]]:
    """(when, after how many seconds) for each good sync of one branch."""
    begun: float | None = None
    for sync in syncs:
        begun = sync.started if begun is None else begun
        if sync.good and sync.ended is not None:
            yield sync.ended, sync.ended - begun
            begun = None


def _unknown(syncs: Sequence[Sync], since: float, now: float) -> float:
    """Seconds from `since` to `now` in which one branch's last word was Unknown."""
    told = [
        (sync.started, Verdict.UNKNOWN) if sync.ended is None else (sync.ended, sync.verdict)
        for sync in syncs
        if sync.ended is None or sync.verdict is not None
    ]
    spans = pairwise([*told, (now, None)])
    return sum(
        max(0.0, min(until, now) - max(at, since))
        for (at, verdict), (until, _) in spans
        if verdict == Verdict.UNKNOWN
    )
