"""Jobs that ended long ago are forgotten, so that their store does not grow for ever."""

from __future__ import annotations

import logging
from typing import Protocol

from supasync.ports import Clock

logger = logging.getLogger(__name__)

DAY_SECONDS = 86_400.0
_PAUSE_SECONDS = 3600.0


class Forgetting(Protocol):
    """The part of jobs.port.Jobs that is needed here."""

    async def forget(self, before: float) -> None: ...


async def keep(jobs: Forgetting, days: float, clock: Clock) -> None:
    """Of what has ended, so many days. Until it is cancelled."""
    while True:
        try:
            await jobs.forget(clock.now() - days * DAY_SECONDS)
        except Exception:  # whatever the store's driver raises: next time it is more
            logger.exception("old jobs could not be forgotten")
        await clock.sleep(_PAUSE_SECONDS)
