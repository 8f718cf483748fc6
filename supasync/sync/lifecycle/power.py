"""Pauses a branch and brings it up again; its data stays."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from supasync import api
from supasync.errors import NotReady, OutcomeUnknown
from supasync.ports import Clock
from supasync.sync.lifecycle import states

_SECONDS = 600.0
_PAUSE = 2.0
_DOWN = frozenset({"INACTIVE", "PAUSING"})
_FAILED = frozenset({"PAUSE_FAILED", "RESTORE_FAILED"})


async def pause(client: api.Client, branch: api.Branch, clock: Clock) -> bool:
    """Returns when it is paused; whether it was up before.

    Raises: NotReady when it is not paused in time, ApiError, UnknownError.
    """
    if branch.is_paused:
        return False
    if branch.preview_project_status != "PAUSING":
        try:
            await client.projects.pause(branch.project_ref)
        except OutcomeUnknown:
            await _until(client, branch, clock, lambda word: word in _DOWN)
    await _until(client, branch, clock, lambda word: word == "INACTIVE")
    return True


async def resume(client: api.Client, branch: api.Branch, clock: Clock) -> bool:
    """Returns when it comes up, which is long before it is ready; whether it was paused.

    Raises: as `pause`.
    """
    if branch.preview_project_status not in _DOWN:
        return False
    if not branch.is_paused:  # it can be restored only once it is down
        await _until(client, branch, clock, lambda word: word == "INACTIVE")
    with suppress(OutcomeUnknown):  # whether it comes up tells whether it was done
        await client.projects.restore(branch.project_ref)
    await _until(client, branch, clock, lambda word: word not in _DOWN)
    return True


async def _until(
    client: api.Client, branch: api.Branch, clock: Clock, reached: Callable[[str], bool]
) -> None:
    """Waits for a status of the platform's."""
    began = clock.monotonic()
    while True:
        listed = await client.branches.list(branch.parent_project_ref)
        word = next(
            (str(b.preview_project_status) for b in listed if b.project_ref == branch.project_ref),
            "REMOVED",
        )
        if reached(word):
            return
        over = clock.monotonic() - began > _SECONDS
        if over or word in _FAILED or word == "REMOVED":
            state = states.PROJECT.get(word)
            told = state.told if state else "does not change"
            raise NotReady(f"{branch.name} {told} ({word})", remedy=state.remedy if state else None)
        await clock.sleep(_PAUSE)
