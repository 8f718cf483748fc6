"""A folder of clusters that one process owns, and what dead processes left."""

from __future__ import annotations

import fcntl
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from supasync.errors import SandboxError
from supasync.sandbox import places
from supasync.sandbox.postmaster import PidFile


class Home:
    """A folder, locked as long as this process has it.

    The lock is the operating system's: it is gone with the process, however that ends.
    Raises: SandboxError when another process has it.
    """

    def __init__(self, path: Path, *, temporary: bool = False) -> None:
        self.path, self.temporary = path, temporary
        lock = _locked(path / "owner.pid")
        if lock is None:
            raise SandboxError(
                f"Another sandbox (process {owner(path)}) uses {path}.",
                remedy="Stop it with `supasync sandbox down`, or name another folder.",
            )
        self._lock: IO[str] = lock

    @classmethod
    def new(cls, runs: Path | None = None) -> Home:
        """A temporary one, below `runs`. What processes that died have left there is stopped and
        removed first."""
        runs = runs or places.runs()
        for left in runs.iterdir():
            sweep(left)
        path = runs / secrets.token_hex(6)
        path.mkdir(mode=0o755)
        path.chmod(0o755)
        return cls(path, temporary=True)

    def close(self) -> None:
        """Give it back; a temporary one is removed. Its servers must have been stopped."""
        if self.temporary:
            shutil.rmtree(self.path, ignore_errors=True)
        self._lock.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


@contextmanager
def building(target: Path) -> Iterator[Path]:
    """A draft folder that becomes `target` at the end, unless another process was faster."""
    with Home.new() as home:
        draft = home.path / "draft"
        draft.mkdir()
        draft.chmod(0o755)
        yield draft
        try:
            draft.rename(target)
        except OSError:
            if not target.exists():
                raise


def holder(path: Path) -> int | None:
    """The living process that has this folder."""
    if owner(path) is None:
        return None
    with (path / "owner.pid").open() as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return owner(path)
    return None


def owner(path: Path) -> int | None:
    """The process that last had this folder; alive or not."""
    try:
        text = (path / "owner.pid").read_text().strip()
    except FileNotFoundError:
        return None
    return int(text) if text.isdigit() else None


def sweep(path: Path) -> None:
    """Stop the servers and remove the files of a folder whose process is dead."""
    lock = _locked(path / "owner.pid") if owner(path) is not None else None
    if lock is None:
        return
    with lock:
        stop_orphans(path)
        shutil.rmtree(path, ignore_errors=True)


def stop_orphans(path: Path) -> int:
    """Stop servers over data directories below `path`; how many there were."""
    places_of_data = (data for depth in ("data", "*/data", "*/*/data") for data in path.glob(depth))
    return sum(PidFile(data.resolve()).stop_orphan() for data in places_of_data)


def _locked(path: Path) -> IO[str] | None:
    handle = path.open("a+")
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        handle.close()
        return None
    handle.truncate(0)
    handle.write(str(os.getpid()))
    handle.flush()
    return handle
