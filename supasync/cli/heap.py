"""How a command's process asks for memory, so that what a moment needed is given back after it.

A look's question and answer are texts of some hundred kilobytes, a plan's of megabytes, and a
service has them for fifty branches at the same time. glibc maps such a text by itself only until
the first one is freed: its threshold then grows to that text's size (mallopt(3), M_MMAP_THRESHOLD),
and those that follow come from the heap. Small things that stay settle between them, so the heap
keeps the largest size that it ever had. A threshold that was set does not grow. Other libraries
than glibc have none.
"""

from __future__ import annotations

import ctypes

_M_MMAP_THRESHOLD = -3

LARGE_BYTES = 64 << 10
"""What is larger is mapped by itself, and is nobody's any more as soon as it is freed."""


def give_back() -> None:
    """For the process, as long as it lives."""
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError):
        return
    mallopt(_M_MMAP_THRESHOLD, LARGE_BYTES)
