"""Runs a command's coroutine and turns how it ends into the process's exit code."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, NoReturn

import typer

from supasync.cli import interrupt
from supasync.cli.screen import Screen
from supasync.errors import SupasyncError, UnknownError

if TYPE_CHECKING:
    import asyncio

_NOBODY_READS = 141  # as the shell has it for a process that SIGPIPE ended


def finish(screen: Screen, work: Callable[[], Awaitable[int]]) -> NoReturn:
    """Raises: typer.Exit, always."""
    raise typer.Exit(_code(screen, work))


def _code(screen: Screen, work: Callable[[], Awaitable[int]]) -> int:
    import asyncio  # not needed for --help

    from supasync import telemetry
    from supasync.cli import heap

    heap.give_back()
    stop = _Stop(screen)
    interrupt.raise_interrupt()
    try:
        with telemetry.exporting(os.environ, lambda told: screen.tell(f"Warning: {told}")):
            code = asyncio.run(_until_stopped(work, stop))
        sys.stdout.flush()
    except BrokenPipeError:  # whoever read the output has enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _NOBODY_READS
    except SupasyncError as error:
        screen.error(error)
        return error.exit_code
    except (KeyboardInterrupt, asyncio.CancelledError):
        screen.tell("Interrupted." if stop.code == interrupt.INTERRUPTED else "Terminated.")
        return stop.code
    except Exception as error:  # noqa: BLE001 -- the last resort: never a traceback unasked
        screen.crash(error)
        return UnknownError.exit_code
    return code


async def _until_stopped(work: Callable[[], Awaitable[int]], stop: _Stop) -> int:
    """SIGTERM ends the work as Ctrl-C does, so that leases are released."""
    import asyncio

    loop = asyncio.get_running_loop()
    try:
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, stop, number)
    except NotImplementedError:  # Windows has no such handlers
        return await work()
    stop.task = asyncio.current_task()
    return await work()


class _Stop:
    """What a signal does: the first ends the work, which may ask what came of its last write; the
    second ends that too. code: the exit code by the signal."""

    def __init__(self, screen: Screen) -> None:
        self._screen = screen
        self._seen = False
        self.task: asyncio.Task[int] | None = None
        self.code = interrupt.INTERRUPTED

    def __call__(self, number: int) -> None:
        import asyncio

        from supasync.sync.bookkeeping.journal import GRACE_SECONDS
        from supasync.sync.bookkeeping.lease import SECONDS

        if self._seen:
            self._screen.tell(f"Stopping at once. A lease ends by itself within {SECONDS} s.")
            for task in asyncio.all_tasks():  # a task group passes only the first one on
                task.cancel()
            return
        self._seen, self.code = True, 128 + number
        self._screen.tell(
            f"\nStopping: waiting up to {GRACE_SECONDS} s for what was sent. "
            "Ctrl-C again stops at once."
        )
        if self.task is not None:
            self.task.cancel()
