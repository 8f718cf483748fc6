"""All aspects of one end, read concurrently."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from supasync.errors import Forbidden, SqlError, SupasyncError, UnknownError
from supasync.parity.aspect import Aspect
from supasync.parity.aspects import ASPECTS
from supasync.parity.end import End
from supasync.parity.fact import Facts


@dataclass(frozen=True)
class Unseen:
    """An aspect that could not be read, and why."""

    reason: str


Readings: TypeAlias = Mapping[str, Facts | Unseen]
"""By the aspect's name."""


async def read(end: End) -> Readings:
    """Raises nothing of what an end may be: what cannot be read is Unseen."""
    async with asyncio.TaskGroup() as group:
        tasks = {each.name: group.create_task(_read(each, end)) for each in ASPECTS}
    return {name: task.result() for name, task in tasks.items()}


async def _read(aspect: Aspect, end: End) -> Facts | Unseen:
    try:
        return await aspect.read(end)
    except (UnknownError, SqlError) as error:
        return Unseen(f"{end.name}: {_why(error, aspect)}")


def _why(error: SupasyncError, aspect: Aspect) -> str:
    if isinstance(error, Forbidden):
        return f"{error.message}; the token needs {aspect.permission}"
    return error.message
