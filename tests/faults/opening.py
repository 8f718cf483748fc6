"""Brings up a project with one branch in sync, and the proxy before it."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from supasync.sandbox import Sandbox
from supasync.sandbox.site import Options
from tests.faults import steps
from tests.faults.proxy import Proxy
from tests.faults.running import BRANCH
from tests.faults.team import Team


@contextmanager
def opened(folder: Path) -> Iterator[Team]:
    """folder: an empty one, for the configuration and, on a disk of its own, for the state."""
    box = Sandbox(Options(example=False, delay=0, branches=(BRANCH,)))
    try:
        with Proxy(box.api_url, steps.namer(box.main.ref)) as proxy, _disk(folder) as small:
            team = Team(box, proxy, folder, small_disk=small)
            team.open()
            yield team
    finally:
        box.close()


@contextmanager
def _disk(folder: Path) -> Iterator[bool]:
    """A small file system for the state, which takes root; False when it cannot be had."""
    state = folder / ".supasync"
    state.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", str(state)]
    try:
        done = subprocess.run(mount, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        done = False
    try:
        yield done
    finally:
        if done:
            subprocess.run(["umount", str(state)], check=True)
