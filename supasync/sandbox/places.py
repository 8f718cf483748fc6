"""Where the sandbox keeps files: binaries and golden clusters, and running clusters."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from supasync.errors import SandboxError


def home() -> Path:
    """SUPASYNC_HOME; else for root /var/lib/supasync, for others the user's data folder.

    Root's is where `nobody` can go: PostgreSQL does not run as root.
    """
    named = os.environ.get("SUPASYNC_HOME")
    if named:
        return Path(named).absolute()
    if os.geteuid() == 0:
        return Path("/var/lib/supasync")
    data = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(data) / "supasync"


def cache() -> Path:
    """What can be made again: private copies of binaries, golden clusters."""
    return _folder(home() / "cache")


def runs() -> Path:
    """Clusters that live as long as the process that started them."""
    return _folder(home() / "run")


def clusters() -> Path:
    """Clusters of data directories that the user PostgreSQL runs as cannot enter."""
    return _folder(home() / "clusters")


def _folder(path: Path) -> Path:
    try:
        path.mkdir(parents=True, exist_ok=True)
        # Whatever the umask is: `nobody` has to get through root's folders, and no other user
        # has business in a user's.
        path.parent.chmod(0o755 if os.geteuid() == 0 else 0o700)
        path.chmod(0o755)
    except OSError as error:
        raise SandboxError(
            f"{path} cannot be made: {error.strerror}.",
            remedy="Set SUPASYNC_HOME to a folder you may write to.",
        ) from error
    return path


def copy_tree(source: Path, target: Path) -> None:
    """`source`'s content into the folder `target`, owners kept, blocks shared where possible."""
    if os.uname().sysname == "Linux":
        command = ["cp", "-a", "--reflink=auto", f"{source}/.", str(target)]
    else:
        command = ["cp", "-Rp", f"{source}/.", str(target)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SandboxError(
            f"{source} could not be copied: {done.stderr.strip()}",
            remedy="Make room there, or name another --data-dir.",
        )
