"""What a sync needs, looked at one by one. It writes nothing but the audit log's lines."""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from supasync import api
from supasync.api import reach, selftest
from supasync.config import Config
from supasync.errors import (
    Forbidden,
    NotFound,
    NotReady,
    Refused,
    SupasyncError,
    Unauthorized,
    UnexpectedAnswer,
    UnknownError,
    UsageError,
)
from supasync.events import Diagnosis, Health
from supasync.ports import Clock
from supasync.sync import identity, pipeline
from supasync.sync.lifecycle import ready

SKEW_SECONDS = 60.0
"""Beyond it, sessions' times and the audit log's are not to be trusted."""

_WRONG = (Unauthorized, Forbidden, NotFound, UsageError, Refused, NotReady)
"""Errors that say what is wrong; others, that it could not be found out."""


async def diagnosed(
    name: str, work: Callable[[], Awaitable[str]], *, spared: str = ""
) -> Diagnosis:
    """work: tells what is well, or raises. spared: of what no sync needs, what is without it while
    it cannot be found out."""
    try:
        message, health, remedy = await work(), Health.PASS, ""
    except SupasyncError as error:
        health = Health.FAIL if isinstance(error, _WRONG) else Health.UNKNOWN
        message, remedy = error.message, error.remedy or ""
    if health is Health.UNKNOWN:
        remedy = spared or remedy
    return Diagnosis(name=name, health=health, message=message, remedy=remedy, needed=not spared)


def ill(name: str, error: SupasyncError) -> Diagnosis:
    return Diagnosis(
        name=name, health=Health.FAIL, message=error.message, remedy=error.remedy or ""
    )


async def here(config: Config, folder: Path) -> list[Diagnosis]:
    """What needs no network. folder: of what is kept between runs."""

    async def seeds() -> str:
        found = pipeline.scripts(config, tuple(config.branches))
        return f"for {', '.join(sorted(found))}" if found else "none is configured"

    async def state() -> str:
        return _writable(folder)

    async def guard() -> str:
        tried = await selftest.refusals(config.project.ref)
        return f"{tried} requests that would harm production were refused before they were sent"

    try:
        guarded = await diagnosed("write guard", guard)
    except selftest.Unguarded as error:
        guarded = Diagnosis(
            name="write guard",
            health=Health.FAIL,
            message=f"It does not hold: {error}",
            remedy="Do not use this installation; install supasync anew, and report it.",
        )
    return [await diagnosed("seed", seeds), await diagnosed("state", state), guarded]


def _writable(folder: Path) -> str:
    """Raises: UsageError."""
    place = next(each for each in (folder, *folder.absolute().parents) if each.is_dir())
    try:
        with tempfile.TemporaryFile(dir=place):
            return f"{folder} can be written"
    except OSError as error:
        raise UsageError(
            f"{folder} cannot be written: {os.strerror(error.errno or 0)}",
            remedy="Make it writable, or name another folder with SUPASYNC_STATE_DIR.",
        ) from error


async def clock(api_url: str, ours: Clock) -> Diagnosis:
    """Whether the API is there, and whether the two clocks agree."""

    async def work() -> str:
        skew = abs(ours.now() - await reach.server_time(api_url))
        if skew > SKEW_SECONDS:
            raise UsageError(
                f"This machine's clock is {skew:.0f} s off from {api_url}",
                remedy="Set the clock (NTP): sessions and the audit log depend on it.",
            )
        return f"{api_url} answers, and the clocks agree"

    return await diagnosed("reach and clock", work)


_WITNESS = "second witness"
_SPARED = {
    _WITNESS: "A sync does without it. Until the platform answers, `validate` and `--witness` are "
    "Unknown; `validate --no-witness` does not ask it."
}
"""What no sync needs, and what is without it."""


@dataclass(frozen=True)
class There:
    """What needs the platform. recorded: whether there is a folder for the record of what
    production is asked; where there is none, it is asked nothing."""

    client: api.Client
    config: Config
    recorded: bool = True

    async def all(self) -> list[Diagnosis]:
        looks: dict[str, tuple[Callable[[], Awaitable[str]], str]] = {
            "token and project": (self._project, "Project Settings (read)"),
            "plan": (self._plan, "the organization (read)"),
            "branches": (self._branches, "Development Branches (read)"),
            "production's schema": (self._schema, "Database (read)"),
            "keys": (self._keys, "API Keys and API Key Secrets (read)"),
            "a branch's SQL": (self._writes, "Database (read and write)"),
            _WITNESS: (self._witness, "Development Branches (read and write)"),
        }
        return list(
            await asyncio.gather(
                *(
                    diagnosed(
                        name, partial(_permitted, work, permission), spared=_SPARED.get(name, "")
                    )
                    for name, (work, permission) in looks.items()
                )
            )
        )

    async def _project(self) -> str:
        project = await self.client.projects.get(self.config.project.ref)
        if project.status != api.ProjectStatus.ACTIVE_HEALTHY:
            raise NotReady(
                f"{project.name} is {project.status}",
                remedy="Wait, or restore the project in the dashboard.",
            )
        return f"{project.name} in {project.region}, PostgreSQL {project.database.version}"

    async def _plan(self) -> str:
        project = await self.client.projects.get(self.config.project.ref)
        if project.organization_slug is None:
            raise UnexpectedAnswer("The platform does not say whose the project is")
        organization = await self.client.organizations.get(project.organization_slug)
        if organization.plan == "free":
            raise Refused(
                f"{organization.name} is on the free plan, which has no branches",
                remedy="Branches come with the Pro plan: supabase.com/dashboard/org/_/billing.",
            )
        return f"{organization.name}: {organization.plan or 'not told'}"

    async def _branches(self) -> str:
        listed = await self.client.branches.list(self.config.project.ref)
        names = [each.name for each in listed if not each.is_production]
        for name, settings in self.config.branches.items():
            if not (settings.create and not ready.meant(name, listed, self.config)):
                ready.check(ready.find(name, listed, self.config))
        return f"the project has {', '.join(names) or 'none'}"

    async def _schema(self) -> str:
        if not self.recorded:
            raise UnknownError(
                "Not asked: every query to production is recorded beside the configuration, and "
                "there is none"
            )
        await self.client.production.fetch(identity.QUERY)
        return "the read-only endpoint answers SQL"

    async def _keys(self) -> str:
        """Of a branch, as the test users' logins need them; production's are not asked for."""
        listed = await self.client.branches.list(self.config.project.ref)
        branch = next((each for each in listed if not each.is_production), None)
        if branch is None:
            return "no branch yet whose keys could be read"
        api.service_key(await self.client.api_keys.list(branch.project_ref))
        return f"those of {branch.name} can be read"

    async def _writes(self) -> str:
        """By the route that a sync writes with: a token that only reads gets everywhere else."""
        branch = await self._answering()
        if branch is None:
            return _NONE_UP
        await self.client.database(branch.project_ref, name=branch.name).run("select 1::text")
        return f"{branch.name} takes statements by the route that writes"

    async def _witness(self) -> str:
        branch = await self._answering()
        if branch is None:
            return _NONE_UP
        await self.client.branches.diff(branch.project_ref, ["public"])
        return f"the platform makes its own diff of {branch.name}"

    async def _answering(self) -> api.Branch | None:
        """A branch that is up; None when there is none. One that should be is told of elsewhere."""
        for each in await self.client.branches.list(self.config.project.ref):
            with suppress(NotReady):
                ready.check(each)
                if not each.is_production:
                    return each
        return None


_NONE_UP = "no branch is up that could be asked"


async def _permitted(work: Callable[[], Awaitable[str]], permission: str) -> str:
    """permission: what the token needs for it, as the dashboard calls it. Raises: SupasyncError."""
    try:
        return await work()
    except Forbidden as error:
        error.remedy = (
            f"Give the token this permission: {permission}. If it has it, its account is not in "
            "the project's organization, or has a role there that may not do this."
        )
        raise
