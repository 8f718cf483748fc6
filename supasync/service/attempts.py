"""Whether a detected difference is to be synced now. Pure: it is told the time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from supasync.errors import ConfigError, LeaseHeld, SeedError, UnknownError

HELD = -1
"""In the place of an exit code: the sync did not begin, for it was outside the windows."""

LONGEST_SECONDS = 3600.0
_RECENT_SECONDS = 24 * LONGEST_SECONDS
"""What is older does not make the next one wait."""
UNFINISHED = frozenset({UnknownError.exit_code, LeaseHeld.exit_code})
"""Exit codes of syncs that may have done a part: there was no answer, or somebody else's sync."""

_UNDECIDED = frozenset({0, HELD}) | UNFINISHED
"""Exit codes that do not say that the same plan would fail again."""

_OF_THE_SEED = frozenset({SeedError.exit_code, ConfigError.exit_code})
"""Exit codes that say it of the same seed only; ConfigError is of a path that matches no file."""


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """An earlier sync for the same fingerprint of production. plan: identifies what was to be done,
    seed: the seed that was to be run.

    ended: seconds since the epoch; None while it waits or runs. code: the sync's exit code.
    """

    plan: str
    ended: float | None
    code: int = 0
    seed: str = ""

    def failed(self, plan: str, seed: str) -> bool:
        """Whether it says that this plan with this seed would fail."""
        if self.plan != plan or self.code in _UNDECIDED:
            return False
        return self.seed == seed or self.code not in _OF_THE_SEED


@dataclass(frozen=True, kw_only=True)
class Decision:
    """reason: for people, when it is not to be tried now; the same as long as it is the same."""

    now: bool
    reason: str = ""


def decide(
    earlier: Sequence[Attempt], plan: str, at: float, interval: float, *, seed: str = ""
) -> Decision:
    """One attempt for each plan, unless nothing was decided by it; and ever less often. What failed
    for the seed is tried again with another one.

    earlier: oldest first. interval: seconds that the second attempt waits for; doubled each time.
    """
    if any(attempt.ended is None for attempt in earlier):
        return Decision(now=False, reason="a sync of it is on its way")
    if same := [attempt for attempt in earlier if attempt.failed(plan, seed)]:
        seeds = all(attempt.code in _OF_THE_SEED for attempt in same)
        who = "production, the branch or the seed" if seeds else "production or the branch"
        return Decision(
            now=False, reason=f"this very change failed; tried again when {who} changes"
        )
    begun = [each for each in earlier if each.code != HELD]
    recent = [each.ended for each in begun if each.ended and at - each.ended < _RECENT_SECONDS]
    if not recent:
        return Decision(now=True)
    due = max(recent) + min(interval * 2 ** (len(recent) - 1), LONGEST_SECONDS)
    if at < due:
        times = "once" if len(recent) == 1 else f"{len(recent)} times"
        again = datetime.fromtimestamp(due, UTC)
        return Decision(now=False, reason=f"tried {times}; again at {again:%Y-%m-%d %H:%M:%S} UTC")
    return Decision(now=True)
