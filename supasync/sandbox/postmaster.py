"""postmaster.pid: what a data directory tells about its server."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path

from supasync.errors import SandboxError


class PidFile:
    """The lock file of a data directory.

    Its lines: process id, data directory, start time, port, socket folder, address, shared
    memory, status ("ready" in time), as of PostgreSQL's src/include/utils/pidfile.h.
    """

    def __init__(self, data: Path) -> None:
        self.data = data

    def _lines(self) -> list[str]:
        try:
            return (self.data / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return []

    def ready(self, pid: int) -> bool:
        """Whether the server with this process id takes connections."""
        lines = self._lines()
        return len(lines) >= 8 and lines[0] == str(pid) and lines[7].strip() == "ready"

    def stop_orphan(self) -> bool:
        """Stop a server that still runs over this directory; whether there was one.

        Raises: SandboxError when it does not stop.
        """
        lines = self._lines()
        if not lines or not lines[0].strip().isdigit():
            return False
        pid = int(lines[0])
        if str(self.data) not in _command(pid):  # the id now belongs to somebody else
            return False
        deadline = time.monotonic() + 15
        os.kill(pid, signal.SIGQUIT)
        while str(self.data) in _command(pid):
            if time.monotonic() > deadline:
                raise SandboxError(
                    f"A PostgreSQL server (process {pid}) still runs over {self.data}.",
                    remedy=f"Stop it: kill -9 {pid}",
                )
            time.sleep(0.02)
        return True


def _command(pid: int) -> str:
    """The command line of a living process, empty when there is none."""
    proc = Path("/proc")
    if (proc / "self").exists():
        try:
            words = (proc / str(pid) / "cmdline").read_bytes()
        except (FileNotFoundError, ProcessLookupError):
            return ""
        return words.replace(b"\0", b" ").decode(errors="replace")
    answer = subprocess.run(
        ["ps", "-ww", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return answer.stdout
