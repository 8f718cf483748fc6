"""Creates a branch: with main's major version of PostgreSQL, once, and never over another."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, get_args

from supasync import api
from supasync.config.model import Size
from supasync.errors import ApiError, OutcomeUnknown, UsageError
from supasync.sync.lifecycle import ready

if TYPE_CHECKING:
    from supasync import config

_DEFAULT_BRANCH = "main"


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What a new branch shall be; None leaves it to the platform."""

    name: str
    git_branch: str | None = None
    persistent: bool | None = None
    region: str | None = None
    size: str | None = None
    notify_url: str | None = None

    @classmethod
    def of(cls, name: str, settings: config.Branch) -> Wanted:
        """As the configuration has it."""
        return cls(
            name=name,
            git_branch=settings.git_branch,
            persistent=settings.persistent,
            region=settings.region,
            size=settings.size,
        )

    def but(self, **given: str | bool | None) -> Wanted:
        """With what was given on the command line; None was not."""
        changes: dict[str, Any] = {key: value for key, value in given.items() if value is not None}
        return replace(self, **changes)


def check_free(wanted: Wanted, listed: Sequence[api.Branch], loaded: config.Config) -> None:
    """Raises: UsageError when the name already leads to a branch, or could not be written."""
    name = wanted.name
    if not name or name != name.strip() or not name.isprintable():
        raise UsageError(
            f"{name!r} is not a name for a branch: it is empty, begins or ends with a blank, or "
            "has characters that cannot be printed",
            remedy="Choose a name such as testing or feature/login.",
        )
    sizes = get_args(Size)
    if wanted.size is not None and wanted.size not in sizes:
        raise UsageError(
            f"{wanted.size!r} is not a size of an instance",
            remedy=f"There are {', '.join(sizes)}.",
        )
    taken = ready.meant(name, listed, loaded)
    if taken:
        raise _duplicate(name, taken[0].project_ref)


async def create(
    client: api.Client, production_ref: str, wanted: Wanted, *, enable: bool = False
) -> api.Branch:
    """A branch that is coming up. Its major version is main's: the platform would take the latest.

    enable: enable branching for the project where it never was.
    Raises: UsageError for a duplicate, ApiError with the platform's words (402: the plan does not
    allow it), OutcomeUnknown.
    """
    main = await client.projects.get(production_ref)
    engine = main.database.postgres_engine
    try:
        return await _post(client, production_ref, wanted, engine)
    except ApiError as error:
        if not api.not_enabled(error):
            raise
        if not enable:
            raise ApiError(
                "Branching was never enabled for this project",
                status=error.status,
                route=error.route,
                remedy="Enable it in the dashboard, or run the command again with --enable.",
            ) from error
    await client.branches.create(production_ref, _DEFAULT_BRANCH, is_default=True)
    return await _post(client, production_ref, wanted, engine)


async def _post(client: api.Client, production_ref: str, wanted: Wanted, engine: str) -> api.Branch:
    try:
        return await client.branches.create(
            production_ref,
            wanted.name,
            git_branch=wanted.git_branch,
            persistent=wanted.persistent,
            region=wanted.region,
            size=wanted.size,
            postgres_engine=engine,
            notify_url=wanted.notify_url,
        )
    except OutcomeUnknown:
        # There was none of this name before, so one that is there now was made by the lost call.
        for branch in await client.branches.list(production_ref):
            if branch.name == wanted.name and not branch.is_production:
                return branch
        raise
    except ApiError as error:
        if error.status == 409:
            raise _duplicate(wanted.name) from error
        raise


def _duplicate(name: str, ref: str = "") -> UsageError:
    return UsageError(
        f"The project has a branch {name!r} already" + (f" ({ref})" if ref else ""),
        remedy=f"Use it, or delete it first: `supasync branches delete {shlex.quote(name)}`.",
    )
