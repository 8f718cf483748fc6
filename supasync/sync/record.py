"""What is kept on this machine between runs: what databases looked like.

The folder `.supasync` beside the configuration holds no secrets: fingerprints, names of objects. It
ignores itself in git, and only its owner can read it.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from supasync import files
from supasync.catalog import State
from supasync.ports import Store

_ODD = re.compile(r"[^\w.-]")


class FileStore:
    """ports.Store as one JSON file per key. A file that cannot be read counts as absent."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def load(self, key: str) -> Mapping[str, Any] | None:
        try:
            found = json.loads(self._file(key).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None  # what is remembered only saves time
        return found if isinstance(found, dict) else None

    def save(self, key: str, value: Mapping[str, Any]) -> None:
        """Raises: OSError."""
        self._prepare()
        file = self._file(key)
        files.replace(file, json.dumps(value, separators=(",", ":")).encode())

    def put(self, name: str, value: Mapping[str, Any]) -> str:
        """See ports.Store. name: of the file, without its ending."""
        self._prepare()
        file = self.folder / (_ODD.sub("_", name) + ".json")
        files.replace(file, json.dumps(value, indent=1, ensure_ascii=False).encode())
        return str(file)

    def _file(self, key: str) -> Path:
        return self.folder / f"{hashlib.sha256(key.encode()).hexdigest()[:24]}.json"

    def _prepare(self) -> None:
        files.make_folder(self.folder)
        ignore = self.folder / ".gitignore"
        if not ignore.exists():
            files.replace(ignore, b"*\n")


class NoStore:
    """ports.Store that keeps nothing, for commands that belong to no project."""

    def load(self, key: str) -> Mapping[str, Any] | None:  # noqa: ARG002 -- the protocol's
        return None

    def save(self, key: str, value: Mapping[str, Any]) -> None:
        pass

    def put(self, name: str, value: Mapping[str, Any]) -> str:  # noqa: ARG002 -- the protocol's
        raise OSError("this command keeps nothing")


class Mind(NoStore):
    """ports.Store of one process, which forgets it all when it ends."""

    def __init__(self) -> None:
        self._kept: dict[str, Mapping[str, Any]] = {}

    def load(self, key: str) -> Mapping[str, Any] | None:
        return self._kept.get(key)

    def save(self, key: str, value: Mapping[str, Any]) -> None:
        self._kept[key] = value


class Memory:
    """What databases looked like when they were last read, so that only changes cost.

    Read and written in a thread: it may be megabytes, and others use the event loop.
    """

    def __init__(self, store: Store, *, scope: str, hard: bool) -> None:
        """scope: what is compared; a state of another scope is another state."""
        self._store, self._scope, self._hard = store, scope, hard

    async def recall(self, database: str) -> State | None:
        return None if self._hard else await asyncio.to_thread(self._recall, database)

    async def keep(self, database: str, state: State) -> None:
        """Raises: OSError."""
        await asyncio.to_thread(self._keep, database, state)

    def _recall(self, database: str) -> State | None:
        found = self._store.load(self._key(database))
        try:
            return State.from_json(found["state"]) if found else None
        except (KeyError, TypeError, ValueError):
            return None  # written by another version

    def _keep(self, database: str, state: State) -> None:
        self._store.save(self._key(database), {"database": database, "state": state.to_json()})

    def _key(self, database: str) -> str:
        return f"state {self._scope} {database}"
