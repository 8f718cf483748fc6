"""Runs a command's coroutine and turns how it ends into the process's exit code."""

from __future__ import annotations

import signal
from collections.abc import Awaitable, Callable
from typing import NoReturn

import typer

from supasync.cli import interrupt
from supasync.cli.screen import Screen
from supasync.errors import SupasyncError, UnknownError

_TERMINATED = 143


def finish(screen: Screen, work: Callable[[], Awaitable[int]]) -> NoReturn:
    """Raises: typer.Exit, always."""
    raise typer.Exit(_code(screen, work))


def _code(screen: Screen, work: Callable[[], Awaitable[int]]) -> int:
    import asyncio  # not needed for --help

    interrupt.raise_interrupt()
    try:
        return asyncio.run(_until_terminated(work))
    except SupasyncError as error:
        screen.error(error)
        return error.exit_code
    except KeyboardInterrupt:
        screen.tell(
            "\nInterrupted. Each change is one transaction: it is whole or it never happened."
        )
        return interrupt.INTERRUPTED
    except asyncio.CancelledError:
        screen.tell("Terminated.")
        return _TERMINATED
    except Exception as error:  # noqa: BLE001 -- the last resort: never a traceback unasked
        screen.crash(error)
        return UnknownError.exit_code


async def _until_terminated(work: Callable[[], Awaitable[int]]) -> int:
    """SIGTERM ends the work as Ctrl-C does, so that leases are released."""
    import asyncio

    task = asyncio.current_task()
    if task is not None and hasattr(signal, "SIGTERM"):
        try:
            asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
        except NotImplementedError:  # Windows has no such handlers
            return await work()
    return await work()
