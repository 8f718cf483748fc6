"""Finds a branch on the platform and tells whether it can be worked on.

A status of ACTIVE_HEALTHY does not mean that SQL is answered: the first reading proves that.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from supasync.errors import NotReady, ProductionGuard, UsageError

if TYPE_CHECKING:
    from supasync import api
    from supasync.config import Config

_PAUSED = frozenset({"INACTIVE", "PAUSING", "PAUSE_FAILED"})
_COMING = frozenset({"COMING_UP", "RESTORING", "RESTARTING", "UPGRADING", "RESIZING"})
_GONE = frozenset({"INIT_FAILED", "REMOVED", "GOING_DOWN", "RESTORE_FAILED"})


def find(name: str, listed: Sequence[api.Branch], config: Config) -> api.Branch:
    """The branch called `name`: by the ref that Supabase's own configuration gives to the name
    (`[remotes.NAME]`), by its git branch, its name or its ref, in this order.

    Raises: UsageError naming the branches there are, ProductionGuard.
    """
    remote = config.remotes.get(name)
    for matches in (
        [branch for branch in listed if branch.project_ref == remote],
        [branch for branch in listed if branch.git_branch == name],
        [branch for branch in listed if branch.name == name],
        [branch for branch in listed if branch.project_ref == name],
    ):
        if matches:
            return _not_production(name, matches[0], config.project.ref)
    known = sorted(b.name for b in listed if not b.is_production)
    raise UsageError(
        f"The project has no branch {name!r}. "
        + (f"It has: {', '.join(known)}" if known else "It has no branch at all."),
        remedy="Name one of them, or create the branch on the platform first.",
    )


def check(branch: api.Branch) -> None:
    """Raises: NotReady, with what to do."""
    project, status = str(branch.preview_project_status or ""), str(branch.status)
    if project in _PAUSED:
        raise NotReady(
            f"{branch.name} is paused ({project})",
            remedy="Restore it in the dashboard, wait until it is up, and run the command again.",
        )
    if project in _COMING or status in {"CREATING_PROJECT", "RUNNING_MIGRATIONS"}:
        raise NotReady(
            f"{branch.name} is coming up ({project or status})",
            remedy="Wait until the platform is finished with it and run the command again.",
        )
    if project in _GONE:
        raise NotReady(
            f"{branch.name} is not usable ({project})",
            remedy="Look at it in the dashboard; delete and create it again if it stays so.",
        )
    if status == "MIGRATIONS_FAILED":
        raise NotReady(
            f"the platform could not run {branch.name}'s migrations (MIGRATIONS_FAILED)",
            remedy="Read the failed run's log in the dashboard (Branches), repair the migration "
            "history, reset the branch, and run the command again.",
        )


def _not_production(name: str, branch: api.Branch, production_ref: str) -> api.Branch:
    if branch.is_production or branch.project_ref == production_ref:
        raise ProductionGuard(f"{name} is production; production is never a target")
    return branch
