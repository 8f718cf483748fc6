"""Whether a detected difference is to be synced now. Pure: it is told the time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from supasync.errors import LeaseHeld, UnknownError

HELD = -1
"""In the place of an exit code: the sync did not begin, for it was outside the windows."""

LONGEST_SECONDS = 3600.0
_RECENT_SECONDS = 24 * LONGEST_SECONDS
"""What is older does not make the next one wait."""
UNFINISHED = frozenset({UnknownError.exit_code, LeaseHeld.exit_code})
"""Exit codes of syncs that may have done a part: there was no answer, or somebody else's sync."""

_UNDECIDED = frozenset({0, HELD}) | UNFINISHED
"""Exit codes that do not say that the same plan would fail again."""


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """An earlier sync for the same fingerprint of production. plan: identifies what was to be done.

    ended: seconds since the epoch; None while it waits or runs. code: the sync's exit code.
    """

    plan: str
    ended: float | None
    code: int = 0


@dataclass(frozen=True, kw_only=True)
class Decision:
    """reason: for people, when it is not to be tried now; the same as long as it is the same."""

    now: bool
    reason: str = ""


def decide(earlier: Sequence[Attempt], plan: str, at: float, interval: float) -> Decision:
    """One attempt for each plan, unless nothing was decided by it; and ever less often.

    earlier: oldest first. interval: seconds that the second attempt waits for; doubled each time.
    """
    if any(attempt.ended is None for attempt in earlier):
        return Decision(now=False, reason="a sync of it is on its way")
    if any(attempt.plan == plan and attempt.code not in _UNDECIDED for attempt in earlier):
        return Decision(
            now=False,
            reason="this very change failed; tried again when production or the branch changes",
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
