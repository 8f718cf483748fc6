"""How long syncs took and how they ended, as bars."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from supasync.history.model import BranchRun
from supasync.report import wording

WIDTH, HEIGHT = 640, 150
_LEFT, _TOP, _BOTTOM = 52, 12, 22
_MOST = 60
_FLOOR = 3


@dataclass(frozen=True, kw_only=True)
class Bar:
    x: float
    y: float
    width: float
    height: float
    good: bool
    title: str


@dataclass(frozen=True, kw_only=True)
class Plot:
    """ticks: (y, text). first, last: when the outer bars began."""

    bars: tuple[Bar, ...]
    ticks: tuple[tuple[float, str], ...]
    first: str
    last: str
    left_out: int


def plot(runs: Sequence[BranchRun]) -> Plot | None:
    """runs: oldest first; those without an end have no bar. None when none has one."""
    ended = [(run, run.seconds) for run in runs if run.seconds is not None]
    shown = ended[-_MOST:]
    if not shown:
        return None
    most = max(seconds for _, seconds in shown) or 1.0
    inner = HEIGHT - _TOP - _BOTTOM
    step = (WIDTH - _LEFT) / max(len(shown), 12)
    bars = []
    for number, (run, seconds) in enumerate(shown):
        height = max(_FLOOR, inner * seconds / most)
        bars.append(
            Bar(
                x=round(_LEFT + number * step + step * 0.1, 1),
                y=round(_TOP + inner - height, 1),
                width=round(step * 0.8, 1),
                height=round(height, 1),
                good=run.succeeded,
                title=f"{_when(run.started)}: {wording.seconds(seconds)}, {run.verdict or 'done'}"
                + ("" if run.succeeded else f", exit code {run.code}"),
            )
        )
    ticks = tuple(
        (round(_TOP + inner - inner * share, 1), wording.seconds(most * share))
        for share in (0, 0.5, 1)
    )
    first, last = _when(shown[0][0].started), _when(shown[-1][0].started)
    return Plot(
        bars=tuple(bars), ticks=ticks, first=first, last=last, left_out=len(ended) - len(shown)
    )


def _when(at: float) -> str:
    return f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d %H:%M}"
