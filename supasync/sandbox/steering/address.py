"""Where a running sandbox is steered: a file in its home that only its owner can read."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Final

from supasync import files
from supasync.errors import SandboxError, UsageError
from supasync.sandbox import control
from supasync.sandbox.home import holder

PREFIX: Final = "/_sandbox"
NAME: Final = "steering.json"
START: Final = "Start one: supasync sandbox up"


@dataclass(frozen=True)
class Address:
    url: str
    token: str = field(repr=False)

    @classmethod
    def new(cls, base_url: str) -> Address:
        """Of this run; the next one has another token."""
        return cls(base_url + PREFIX, f"sbx_{secrets.token_hex(20)}")

    @contextmanager
    def shown(self, home: Path) -> Iterator[None]:
        """In the home, as long as the context is open."""
        file = home / NAME
        files.replace(file, json.dumps(asdict(self)).encode())
        try:
            yield
        finally:
            file.unlink(missing_ok=True)


def find(home: Path | None) -> Address:
    """Of the sandbox in this home, or of the only one that was started without a data directory.

    Raises: SandboxError when none runs, UsageError when it could be one of several.
    """
    if home is not None:
        if not home.is_dir() or holder(home) is None:
            raise SandboxError(f"No sandbox runs in {home}.", remedy=f"{START} --data-dir {home}")
        return _read(home)
    running = [each for each in control.marked() if holder(each) is not None]
    if not running:
        raise SandboxError(
            "No sandbox runs that was started without a data directory.",
            remedy=f"{START}, or name its folder with --data-dir.",
        )
    if len(running) > 1:
        listed = ", ".join(str(each) for each in running)
        raise UsageError(f"{len(running)} sandboxes run.", remedy=f"--data-dir is one of {listed}")
    return _read(running[0])


def _read(home: Path) -> Address:
    try:
        return Address(**json.loads((home / NAME).read_text()))
    except FileNotFoundError as error:
        raise SandboxError(
            f"The sandbox in {home} is not ready yet, or of an older version.",
            remedy="Wait until it says that it runs.",
        ) from error
