"""Waits until the hosted git integration has done its part after a push: its migrate step and a
sync would change the same branch at the same time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from supasync import api
from supasync.errors import Forbidden, NotFound
from supasync.ports import Clock
from supasync.sync.lifecycle.action_run import ActionRun

APPEARS_SECONDS = 15.0
"""How long after a push the platform may take to begin a run."""

LONGEST_SECONDS = 600.0
"""The platform's documentation gives migrations ten minutes; a run that is older will not end."""

_PAUSE_SECONDS = 2.0


async def over(
    client: api.Client, branch: api.Branch, clock: Clock, tell: Callable[[str], None]
) -> None:
    """Returns when no run on the branch is under way and, for a branch that belongs to a git
    branch, none has begun for a while. tell: is given the platform's steps.

    Raises: UnknownError.
    """
    began = clock.monotonic()
    appears = APPEARS_SECONDS if branch.git_branch else 0.0
    first = newest = await _newest(client, branch, clock)
    while True:
        if newest is not None:
            await _ended(ActionRun(client, branch.name, tell, id=newest), branch, clock, began)
        if newest != first or clock.monotonic() - began >= appears:
            return
        await clock.sleep(_PAUSE_SECONDS)
        newest = await _newest(client, branch, clock)


async def _ended(run: ActionRun, branch: api.Branch, clock: Clock, began: float) -> None:
    while True:
        await run.look(branch.project_ref)
        if run.ended is not False or clock.monotonic() - began >= LONGEST_SECONDS:
            return
        await clock.sleep(_PAUSE_SECONDS)


async def _newest(client: api.Client, branch: api.Branch, clock: Clock) -> str | None:
    """The id of the newest run in which something happens; None when there is none, or this token
    may not see runs."""
    try:
        runs = await client.actions.list(branch.project_ref)
    except (NotFound, Forbidden):
        return None
    if not runs:
        return None
    still = clock.now() - datetime.fromisoformat(runs[0].updated_at).timestamp()
    return runs[0].id if still < LONGEST_SECONDS else None
