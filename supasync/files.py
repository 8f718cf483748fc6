"""Files that only their owner can read."""

from __future__ import annotations

import errno
import os
import tempfile
from pathlib import Path

FILE_MODE = 0o600
FOLDER_MODE = 0o700


def make_folder(folder: Path) -> None:
    """Raises: OSError."""
    folder.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)


def replace(file: Path, content: bytes) -> None:
    """Readers see the old content or the new, never a part. Raises: OSError."""
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=".", suffix=".new")  # 0600
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(content)
        Path(name).replace(file)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def append(handle: int, line: bytes) -> None:
    """The line as a whole, or an error; what a full disk has cut off it is taken away again.

    handle: of `open_to_append`. Raises: OSError.
    """
    size = os.fstat(handle).st_size
    written = os.write(handle, line)
    if written < len(line):
        if os.fstat(handle).st_size == size + written:  # else somebody has written after it
            os.ftruncate(handle, size)
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def open_to_append(file: Path) -> int:
    """A descriptor, also to read; a file that others could read is closed to them.

    Raises: OSError.
    """
    handle = os.open(file, os.O_RDWR | os.O_CREAT | os.O_APPEND, FILE_MODE)
    if hasattr(os, "fchmod"):  # not on Windows before 3.13
        os.fchmod(handle, FILE_MODE)
    return handle
