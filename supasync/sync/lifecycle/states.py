"""What the platform's words about a branch mean: how long each may last, and what to do then.

Times: branches are ACTIVE_HEALTHY after 1–2 s and have main's tables after 43–53 s (measured); the
platform's documentation gives migrations up to ten minutes. The limits leave room above that.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

_DASHBOARD = "Look at it in the dashboard; delete and create it again if it stays so."
_WAIT = "Wait until the platform is finished with it and run the command again."


@dataclass(frozen=True, kw_only=True)
class State:
    """seconds: how long it may last; 0 is none, for it does not pass by itself.

    told: what it means, after the branch's name. remedy: what to do once the time is over.
    """

    told: str
    seconds: int = 0
    remedy: str = _DASHBOARD


FAILED = "MIGRATIONS_FAILED"
"""Of the branch's last action run; also while the next one runs."""

PAUSED = State(
    told="is paused",
    remedy="Bring it up with `supasync branches resume NAME` and run the command again.",
)
_COMING = State(told="is coming up", seconds=600, remedy=_WAIT)
_UNUSABLE = State(told="is not usable")

PROJECT: Mapping[str, State] = {
    "INACTIVE": PAUSED,
    "PAUSING": PAUSED,
    "PAUSE_FAILED": PAUSED,
    "COMING_UP": _COMING,
    "RESTORING": State(told="is being restored", seconds=1800, remedy=_WAIT),
    "RESTARTING": State(told="is restarting", seconds=600, remedy=_WAIT),
    "RESIZING": State(told="is being resized", seconds=1800, remedy=_WAIT),
    "UPGRADING": State(told="is being upgraded", seconds=3600, remedy=_WAIT),
    "INIT_FAILED": _UNUSABLE,
    "REMOVED": _UNUSABLE,
    "GOING_DOWN": _UNUSABLE,
    "RESTORE_FAILED": _UNUSABLE,
    "UNKNOWN": State(told="is in a state that the platform does not know", seconds=300),
    "ACTIVE_UNHEALTHY": State(told="is up, and one of its services is not", seconds=300),
}
"""By `preview_project_status`; ACTIVE_HEALTHY says that nothing is wrong, not that it is ready."""

BRANCH: Mapping[str, State] = {
    "CREATING_PROJECT": _COMING,
    "RUNNING_MIGRATIONS": State(told="runs its migrations", seconds=1200, remedy=_WAIT),
    FAILED: State(
        told="has migrations that the platform could not run",
        remedy="Read the failed run's log in the dashboard (Branches), repair the migration "
        "history, and run `supasync branches reset NAME`.",
    ),
}
"""By `status`. FUNCTIONS_FAILED is about edge functions: the database is ready all the same."""

FINE = frozenset({"ACTIVE_HEALTHY", "MIGRATIONS_PASSED", "FUNCTIONS_DEPLOYED", "FUNCTIONS_FAILED"})

_NEW = State(told="is in a state that is not known here", seconds=300)


def of(project: str, branch: str) -> tuple[str, State] | None:
    """The word that says why a branch is not ready, and what it means; None when none does."""
    for word, known in ((project, PROJECT), (branch, BRANCH)):
        if word and word not in FINE:
            return word, known.get(word, _NEW)
    return None
