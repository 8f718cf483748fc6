"""Sandboxes of other processes: found, stopped, reset."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from supasync.errors import SandboxError
from supasync.sandbox import binaries, places
from supasync.sandbox.home import Home, holder, stop_orphans, sweep
from supasync.sandbox.registry import Registry, clusters_folder

MARK: Final = "up"
STOP_SECONDS: Final = 30.0


def mark(home: Path) -> None:
    """Let `stop` find a sandbox that was given no data directory."""
    (home / MARK).touch()


def marked() -> Iterator[Path]:
    """The homes of sandboxes without a data directory that `sandbox up` started."""
    return (home for home in places.runs().iterdir() if (home / MARK).exists())


def stop(home: Path) -> bool:
    """Stop the process that has this home, and servers a dead one left; whether there was any.

    Raises: SandboxError when it does not end.
    """
    pid = holder(home)
    if pid is None:
        left = stop_orphans(clusters_folder(home)) if (home / "state.json").exists() else 0
        if (home / MARK).exists():
            sweep(home)
        return left > 0
    os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + STOP_SECONDS
    while home.exists() and holder(home) == pid:
        if time.monotonic() > deadline:
            raise SandboxError(
                f"The sandbox (process {pid}) does not end.", remedy=f"End it: kill -9 {pid}"
            )
        time.sleep(0.05)
    return True


def reset(data_dir: Path) -> None:
    """Forget everything but refs, keys and the token; the next start makes it fresh.

    Raises: SandboxError when there is no sandbox in it, or it runs.
    """
    if not (data_dir / "state.json").exists():
        raise SandboxError(
            f"There is no sandbox in {data_dir}.",
            remedy=f"Make one: supasync sandbox up --data-dir {data_dir}",
        )
    with Home(data_dir.absolute()) as home:
        stop_orphans(clusters_folder(home.path))
        Registry(home, binaries.find(), base_url="").reset()
