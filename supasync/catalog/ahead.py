"""Calls that are made before the answers of earlier ones were used."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Callable, Coroutine, Iterable
from typing import Any, TypeVar

Asked = TypeVar("Asked")
Answer = TypeVar("Answer")


async def answers(
    call: Callable[[Asked], Coroutine[Any, Any, Answer]], asked: Iterable[Asked], *, at_once: int
) -> AsyncGenerator[Answer, None]:
    """The answer to each, in order; so many calls run at the same time.

    An error of one ends the others. Close it (contextlib.aclosing) to end them earlier.
    Raises: what `call` raises.
    """
    running: deque[asyncio.Task[Answer]] = deque()
    try:
        for each in asked:
            running.append(asyncio.create_task(call(each)))
            if len(running) == at_once:
                yield await running.popleft()
        while running:
            yield await running.popleft()
    finally:
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
