"""What the layers above ask of the world, as protocols."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol, runtime_checkable


@runtime_checkable
class Database(Protocol):
    """A database that can be read. Production is only ever this.

    `fetch` sends one text of one or more statements, which the server runs as one implicit
    transaction, and returns the single `::text` value of the last statement that returned a
    row (None when none did). Nothing of the session survives the call.
    Raises: SqlError, UnknownError.
    """

    name: str
    """Who it is, for people: `main`, `testing`, or a URL without its password."""

    async def fetch(self, sql: str) -> str | None: ...

    def fits(self, sql: str) -> bool:
        """Whether one call can carry this text."""


@runtime_checkable
class WritableDatabase(Database, Protocol):
    """A database that can be written: a branch, or a URL the user named as target.

    `run` has `fetch`'s contract, as one implicit read-write transaction. It is sent once:
    an answer that got lost raises OutcomeUnknown and is never sent again by itself.
    """

    async def run(self, sql: str) -> str | None: ...


class Store(Protocol):
    """Small JSON documents kept between runs on this machine, by key."""

    def load(self, key: str) -> Mapping[str, Any] | None: ...

    def save(self, key: str, value: Mapping[str, Any]) -> None: ...

    def put(self, name: str, value: Mapping[str, Any]) -> str:
        """Keeps a document for people, who may read and send it. Returns where. Raises: OSError."""


class Clock(Protocol):
    """Time, so that tests own it. Seconds."""

    def now(self) -> float:
        """Seconds since the epoch."""

    def monotonic(self) -> float: ...

    async def sleep(self, seconds: float) -> None: ...
