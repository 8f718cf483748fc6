"""The databases that a command line names: each a branch, `main` or a postgresql:// URL."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from supasync.cli import session, token
from supasync.cli.screen import Screen

if TYPE_CHECKING:
    from supasync import api
    from supasync.config import Config
    from supasync.settings import Settings
    from supasync.sync.ends import End


@dataclass(frozen=True, kw_only=True)
class Asked:
    """The command line. write: the last of the names is to be written."""

    names: tuple[str, ...]
    scope: str | None
    config: Path | None
    write: bool = False

    @property
    def urls(self) -> bool:
        """Whether no name needs a configuration to be understood."""
        from supasync.sync.ends import is_url

        return all(is_url(name) for name in self.names)

    @property
    def scope_name(self) -> str:
        return self.scope or ("all" if self.urls else "supabase")


def configuration(screen: Screen, asked: Asked) -> tuple[Config | None, Settings]:
    """URLs need no configuration; where there is one, it still tells what production is.

    One that is wrong counts as none only where nothing is written: it knows production.
    Raises: ConfigError.
    """
    from supasync.errors import ConfigError
    from supasync.settings import Settings

    settings = Settings.from_env(os.environ, config=asked.config)
    if asked.urls and settings.config_file() is None:
        return None, settings
    try:
        return session.load(screen, asked.config)
    except ConfigError:
        if asked.config or asked.write or not asked.urls:
            raise
        return None, settings


@asynccontextmanager
async def client(
    asked: Asked, config: Config | None, settings: Settings
) -> AsyncIterator[api.Client | None]:
    """What is written is held against production, wherever anything says what production is.

    Raises: UsageError when that takes a token and there is none.
    """
    known = config
    if known is None and asked.write:
        from supasync.config import of_settings

        known = of_settings(settings)
    if known is None or (asked.urls and not asked.write):
        yield None
        return
    if asked.urls and token.find(settings, known.project.api_url) is None:
        from supasync.errors import UsageError

        raise UsageError(
            f"Production is known ({known.project.ref}), and without an access token nobody can "
            "tell whether the target's URL leads to it",
            remedy="Set SUPABASE_ACCESS_TOKEN; or run the command where no configuration and no "
            "SUPABASE_PROJECT_REF say what production is.",
        )
    async with session.open_client(known, settings) as opened:
        yield opened


async def find(asked: Asked, opened: api.Client | None, config: Config | None) -> list[End]:
    """One for each name. Raises: UsageError, NotReady, UnknownError."""
    from supasync.sync import ends
    from supasync.sync.lifecycle import ready

    listed: tuple[api.Branch, ...] = ()
    ref = config.project.ref if config else None
    branches = [
        name for name in asked.names if not ends.is_url(name) and not ends.is_main(name, ref)
    ]
    if branches and opened and ref:
        listed = await opened.branches.list(ref)

    def end(name: str) -> End:
        if ends.is_url(name) or opened is None or config is None:
            return ends.url_end(name)
        if ends.is_main(name, ref):
            return ends.main_end(opened, config.project.ref)
        branch = ready.find(name, listed, config)
        ready.check(branch)
        return ends.branch_end(opened, branch, ready.settings(name, branch, config))

    return [end(name) for name in asked.names]
