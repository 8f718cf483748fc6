"""Ctrl-C: the process ends at once as long as there is nothing to undo, mostly while importing.

A KeyboardInterrupt in the middle of an import may be swallowed by a callback of the import system
or come out as another error, with a traceback. This module is imported before the handler is there,
so it imports little itself, not even typing.
"""

from __future__ import annotations

import os
import signal
import sys

INTERRUPTED = 130


def leave_at_once() -> None:
    """From now on. Where Ctrl-C is ignored (nohup), it stays ignored."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _leave)


def raise_interrupt() -> None:
    """From now on Ctrl-C is a KeyboardInterrupt: something has begun that needs its end."""
    if signal.getsignal(signal.SIGINT) is _leave:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def _leave(_number: int, _frame: object) -> None:
    os.write(sys.__stderr__.fileno() if sys.__stderr__ else 2, b"\nInterrupted.\n")
    os._exit(INTERRUPTED)
