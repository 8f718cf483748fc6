"""How the C library hands out memory to a command that works."""

from __future__ import annotations

import ctypes
import sys

_MMAP_THRESHOLD = -3  # M_MMAP_THRESHOLD of malloc.h
_LARGE = 128 * 1024


def return_large_blocks() -> None:
    """Have glibc give a large block back to the system when it is freed, always.

    By default (mallopt(3)) the first freed block of some megabytes, such as a database's answer,
    raises the size from which on it does so, and later ones stay with the process, in pieces.
    Elsewhere nothing happens.
    """
    if sys.platform == "linux":
        mallopt = getattr(ctypes.CDLL(None), "mallopt", None)  # musl has none
        if mallopt is not None:
            mallopt(_MMAP_THRESHOLD, _LARGE)
