"""Which configured branch a git branch is about."""

from __future__ import annotations

import asyncio

from supasync import api
from supasync.config import Config
from supasync.errors import UnknownError
from supasync.ports import Clock
from supasync.sync.lifecycle import ready

FRESH_SECONDS = 10.0
"""A list as young as this is not asked for again because a name is not in it."""


class Unmapped(Exception):
    """A name that means no configured branch; the reason is the message."""


class Directory:
    """The platform's branches as they were last listed."""

    def __init__(self, client: api.Client, config: Config, clock: Clock) -> None:
        self._client, self._config, self._clock = client, config, clock
        self._listed: tuple[api.Branch, ...] = ()
        self._at: float | None = None
        self._asking = asyncio.Lock()

    def learn(self, listed: tuple[api.Branch, ...]) -> None:
        self._listed, self._at = listed, self._clock.monotonic()

    async def section(self, name: str) -> str:
        """The name of the configuration's section. name: a git branch, branch or reference.

        When the platform cannot be asked, what is known already and the configuration count.
        Raises: Unmapped; UnknownError when nobody can tell.
        """
        found = self._find(name)
        if found is None and not self._is_fresh():
            async with self._asking:
                await self._refresh(name)
            found = self._find(name)
        if found is not None:
            return found
        if name in self._to_create():
            return self._to_create()[name]
        raise Unmapped(f"no branch is configured for {name}")

    def _find(self, name: str) -> str | None:
        for branch in ready.meant(name, self._listed, self._config):
            if branch.is_production:
                raise Unmapped(f"{name} is production's; its schema is watched, never synced")
            if section := ready.section(branch, self._config):
                return section
        return None

    def _is_fresh(self) -> bool:
        return self._at is not None and self._clock.monotonic() - self._at < FRESH_SECONDS

    async def _refresh(self, name: str) -> None:
        if self._is_fresh():  # while this one waited for its turn
            return
        try:
            self.learn(await self._client.branches.list(self._config.project.ref))
        except UnknownError:
            if name not in self._to_create():
                raise

    def _to_create(self) -> dict[str, str]:
        """Sections by the names that their branch will have."""
        made = {name: each for name, each in self._config.branches.items() if each.create}
        by_git = {each.git_branch: name for name, each in made.items() if each.git_branch}
        return {name: name for name in made} | by_git
