"""The branch that a drill may harm: one that is proved to be a branch and may be thrown away."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from supasync import api
from supasync.config import Branch, Config
from supasync.errors import Refused, SupasyncError
from supasync.sync import guard, pipeline
from supasync.sync.lifecycle import creation, ready, removal
from supasync.sync.lifecycle.arrival import Awaited, arrival
from supasync.sync.lifecycle.creation import Wanted

Tell = Callable[[str], None]


async def existing(name: str, client: api.Client, config: Config) -> tuple[api.Branch, Branch]:
    """The branch and its section. Raises: ProductionGuard, Refused, LossRefused, UsageError,
    NotReady, UnknownError."""
    pipeline.targets([name], config)
    branch = ready.find_only(name, await client.branches.list(config.project.ref), config)
    settings = ready.settings(name, branch, config)
    if branch.persistent:
        raise Refused(
            f"{branch.name} is a persistent branch, which is not one to throw away",
            remedy=f"Let the drill create one: `supasync drill NAME --create`; or make "
            f"{branch.name} ephemeral in the dashboard.",
        )
    if not settings.auto_sync_schema:
        raise Refused(f"{branch.name}: auto_sync_schema = false, so no sync would heal it")
    guard.all_rows_may_go(branch.name, "a drill", settings)
    ready.check(branch)
    return branch, settings


@asynccontextmanager
async def created(
    name: str, client: api.Client, config: Config, *, tell: Tell
) -> AsyncIterator[tuple[api.Branch, Branch]]:
    """A branch of its own, which is deleted in the end, also when it is interrupted.

    Raises: UsageError when the name is taken, ApiError, NotReady, OutcomeUnknown.
    """
    pipeline.targets([name], config)
    production = config.project.ref
    wanted = Wanted(name=name, persistent=False)
    creation.check_free(wanted, await client.branches.list(production), config)
    branch = await creation.create(client, production, wanted)
    tell(f"{name} is created ({branch.project_ref})")
    try:
        awaited = Awaited().for_sync()
        clock = api.SystemClock()
        await arrival(name, client, config, clock=clock, tell=tell, awaited=awaited)
        listed = await client.branches.list(production)
        yield ready.find_only(branch.project_ref, listed, config), Branch()
    finally:
        await _delete(client, branch, tell)


async def _delete(client: api.Client, branch: api.Branch, tell: Tell) -> None:
    try:
        await removal.delete(client, branch, tell)
    except SupasyncError as error:
        tell(
            f"Warning: {branch.name} ({branch.project_ref}) could not be deleted: {error.message}"
            f"\n→ Delete it: `supasync branches delete {branch.project_ref}`."
        )
    else:
        tell(f"{branch.name} ({branch.project_ref}) is deleted")
