"""As whom PostgreSQL runs: it refuses to be root."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import IO

from supasync.errors import SandboxError


@dataclass(frozen=True)
class Identity:
    """How to start a program as somebody PostgreSQL accepts.

    uid, gid: None when nothing has to change. prefix: words before the program's own.
    """

    uid: int | None = None
    gid: int | None = None
    prefix: tuple[str, ...] = ()

    def start(
        self, argv: list[str], *, cwd: Path, output: IO[bytes] | int
    ) -> subprocess.Popen[bytes]:
        """A child in a session of its own, so that a terminal's Ctrl-C reaches only us."""
        # The environment's PG* variables (PGDATA, PGOPTIONS, …) are for clients, not for this.
        env = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
        return subprocess.Popen(
            [*self.prefix, *argv],
            cwd=cwd,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            user=self.uid,
            group=self.gid,
            extra_groups=None if self.uid is None else [],
        )

    def own(self, path: Path) -> None:
        """Give a file or folder to this identity."""
        if self.uid is not None and self.gid is not None:
            os.chown(path, self.uid, self.gid)

    def reaches(self, folder: Path) -> bool:
        """Whether this identity may walk to `folder` (an existing one)."""
        if self.uid is None:
            return True
        walk = [folder.resolve(), *folder.resolve().parents]
        return all(step.stat().st_mode & stat.S_IXOTH for step in walk)


@cache
def current() -> Identity:
    """Ourselves; as root `nobody`, or root under another name in a user namespace.

    Raises: SandboxError when root can become nobody else.
    """
    if os.geteuid() != 0:
        return Identity()
    namespace = Identity(prefix=("unshare", "--user", "--map-user=1000", "--"))
    for identity in (*_nobody(), namespace):
        if _works(identity):
            return identity
    raise SandboxError(
        "PostgreSQL does not run as root, and root may not become another user here.",
        remedy="Run supasync as a normal user.",
    )


def _nobody() -> tuple[Identity, ...]:
    import pwd  # noqa: PLC0415 - exists on POSIX only, like root

    try:
        entry = pwd.getpwnam("nobody")
    except KeyError:
        return ()
    return (Identity(uid=entry.pw_uid, gid=entry.pw_gid),)


def _works(identity: Identity) -> bool:
    program = (identity.prefix or ("true",))[0]
    if shutil.which(program) is None:
        return False
    try:
        child = identity.start(["true"], cwd=Path("/"), output=subprocess.DEVNULL)
    except (OSError, subprocess.SubprocessError):
        return False
    return child.wait(timeout=10) == 0
