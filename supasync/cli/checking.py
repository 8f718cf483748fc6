"""What commands that check production and branches work with."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from supasync.cli import session
from supasync.cli.screen import Screen
from supasync.errors import UnknownError

if TYPE_CHECKING:
    from supasync.checks.environment import Shared
    from supasync.config import Config
    from supasync.settings import Settings
    from supasync.sync.context import Options


@asynccontextmanager
async def checking(
    screen: Screen,
    file: Path | None,
    names: list[str] | None,
    chosen: Options,
    *,
    whole: bool,
) -> AsyncIterator[tuple[Shared, tuple[str, ...]]]:
    """What the checks share, and the branches that are meant. whole: also what seeds and test users
    are checked with; else neither their files nor their passwords are needed.

    Raises: UsageError, ConfigError, ProductionGuard, SeedError.
    """
    from supasync.checks.environment import Shared
    from supasync.sync import pipeline

    loaded, settings = session.load(screen, file, users=whole)
    targets = pipeline.targets(names or (), loaded)
    seeds = pipeline.scripts(loaded, targets) if whole else {}
    store = session.open_store(loaded, settings)
    async with session.open_client(loaded, settings) as client:
        with session.reading(chosen) as (run, _):
            scope, memory, source = pipeline.reading(run, loaded, client, store)
            shared = Shared(
                run=run,
                client=client,
                config=loaded,
                source=source,
                scope=scope,
                memory=memory,
                store=store,
                scripts=seeds,
                history=_history(screen, loaded, settings),
                production_log=session.production_log(loaded.file, settings),
            )
            yield shared, targets


def _history(screen: Screen, config: Config, settings: Settings) -> tuple[Mapping[str, Any], ...]:
    """Nothing when it cannot be read, which is told; the checks then say what they do not know."""
    try:
        return tuple(session.open_history(screen, config, settings).documents())
    except UnknownError as error:
        screen.tell(f"Warning: {error.message}")
        return ()
