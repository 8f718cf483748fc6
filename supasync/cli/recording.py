"""A command's run in the history."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from supasync.cli import session
from supasync.cli.screen import Screen
from supasync.errors import ProductionGuard, SupasyncError

if TYPE_CHECKING:
    from supasync import api
    from supasync.config import Config
    from supasync.events import Summary
    from supasync.history import Begun, History


@asynccontextmanager
async def recording(
    screen: Screen, history: History | None, about: Begun, summary: Summary, config: Config
) -> AsyncIterator[None]:
    """The run is in the history, also when it is interrupted, but for names that are no branches.
    history: None leaves it out."""
    from supasync.history import recorded
    from supasync.sync.recorded import misnamed

    if history is None:
        yield
        return
    wrong = partial(misnamed, summary, config)
    async with recorded(history, about, summary, session.warn(screen), without=wrong):
        yield


async def open_to_write(
    screen: Screen, config: Config, folder: Path, client: api.Client
) -> History | None:
    """None when it cannot be used, which is told: a run goes on without.

    Raises: ProductionGuard.
    """
    from supasync.sync import recorded

    warn = session.warn(screen)
    try:
        return await recorded.writable(config, folder, client.production, warn)
    except ProductionGuard:
        raise
    except SupasyncError as error:
        warn(f"the run will not be recorded: {error.message}")
        return None
