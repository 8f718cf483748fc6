"""Deletes a branch, also a persistent one; what cannot be deleted is left as it was."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from supasync import api
from supasync.errors import (
    ApiError,
    NotFound,
    NotReady,
    OutcomeUnknown,
    SupasyncError,
    UnexpectedAnswer,
)


async def delete(client: api.Client, branch: api.Branch, tell: Callable[[str], None]) -> None:
    """Its database and all that is in it are gone afterwards.

    The platform refuses to delete a persistent branch (422), so it is demoted first, and made
    persistent again when it could not be deleted.
    Raises: NotReady while the platform still builds it, ApiError, OutcomeUnknown.
    """
    if branch.persistent:
        async with _demoted(client, branch, tell):
            await _delete(client, branch)
        return
    try:
        await _delete(client, branch)
    except ApiError as error:
        if error.status != 422 or "ersistent" not in error.message:
            raise
        # It was made persistent after it was listed.
        await delete(client, branch.model_copy(update={"persistent": True}), tell)


@asynccontextmanager
async def _demoted(
    client: api.Client, branch: api.Branch, tell: Callable[[str], None]
) -> AsyncIterator[None]:
    try:
        await client.branches.update(branch.project_ref, persistent=False)
    except (OutcomeUnknown, UnexpectedAnswer, asyncio.CancelledError):  # it may have been done
        await _promoted(client, branch, tell)
        raise
    try:
        yield
    except (SupasyncError, asyncio.CancelledError):
        await _promoted(client, branch, tell)
        raise


async def _promoted(client: api.Client, branch: api.Branch, tell: Callable[[str], None]) -> None:
    try:
        await client.branches.update(branch.project_ref, persistent=True)
    except SupasyncError as error:
        tell(f"Warning: {branch.name} may no longer be persistent: {error.message}")


async def _delete(client: api.Client, branch: api.Branch) -> None:
    try:
        await client.branches.delete(branch.project_ref)
    except NotFound:
        return  # somebody else was faster
    except OutcomeUnknown:
        listed = await client.branches.list(branch.parent_project_ref)
        if any(each.project_ref == branch.project_ref for each in listed):
            raise
    except ApiError as error:
        if error.status != 400 or "not ready" not in error.message:
            raise
        raise NotReady(
            f"{branch.name} cannot be deleted yet: {error.message}",
            remedy=f"Wait until it is built (`supasync branches wait {branch.name}`) and run the "
            "command again.",
        ) from error
