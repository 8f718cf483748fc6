"""How long syncs took, as bars; the units are those of the SVG's view box."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from supasync.history import BranchRun
from supasync.sync import job

WIDTH, HEIGHT = 600.0, 100.0
_SLOTS = 30
"""Bars have the width of one of so many, so that a few do not look like a wall."""

_FILLED = 0.7
_LEAST = 2.0


@dataclass(frozen=True, kw_only=True)
class Bar:
    run: BranchRun
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, kw_only=True)
class Plot:
    """bars: oldest first. longest: seconds."""

    bars: tuple[Bar, ...]
    longest: float
    width: float = WIDTH
    height: float = HEIGHT

    @property
    def failed(self) -> int:
        return sum(not bar.run.succeeded for bar in self.bars)


def of_seconds(runs: Sequence[BranchRun]) -> Plot:
    """runs: newest first; of those that are no sync, or whose end is not known, there is no bar."""
    timed = [
        (run, run.seconds)
        for run in runs
        if run.command == job.SYNC.command and run.seconds is not None
    ]
    longest = max((seconds for _, seconds in timed), default=0.0)
    slot = WIDTH / max(_SLOTS, len(timed))
    bars = []
    for place, (run, seconds) in enumerate(timed, start=1):
        height = max(_LEAST, HEIGHT * seconds / longest if longest else 0.0)
        bars.append(
            Bar(
                run=run,
                x=round(WIDTH - place * slot, 2),
                y=round(HEIGHT - height, 2),
                width=round(slot * _FILLED, 2),
                height=round(height, 2),
            )
        )
    return Plot(bars=tuple(reversed(bars)), longest=longest)
