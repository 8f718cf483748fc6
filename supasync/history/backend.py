"""What the history asks of a database, whichever it is."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol, TypeAlias

from supasync.errors import UnknownError
from supasync.history import schema

Row: TypeAlias = tuple[Any, ...]


class Execute(Protocol):
    """Runs one statement, whose parameters are written `?`, and returns its rows."""

    def __call__(self, statement: str, parameters: Sequence[Any] = (), /) -> list[Row]: ...


class Backend(Protocol):
    """A transaction is a connection of its own, so threads and processes share nothing."""

    where: str
    """For people: the file, or the URL without its password."""

    def reading(self) -> AbstractContextManager[Execute | None]:
        """One view of what is there; None when nothing was ever written. Raises: UnknownError."""

    def writing(self) -> AbstractContextManager[Execute]:
        """All that is done in it, or nothing. The tables are there, in their newest form.
        Raises: UnknownError."""


def outdated(version: int) -> bool:
    """Whether there are tables, of an older form."""
    return 0 < version < len(schema.VERSIONS)


def migrate(execute: Execute, version: int, number: str) -> None:
    """Brings the tables to the newest form. version: they have; 0 when there are none.
    number: what numbers rows in this database."""
    if version == len(schema.VERSIONS):
        return
    if version == 0:
        execute("create table version (number integer not null)")
        execute("insert into version values (0)")
    for statements in schema.VERSIONS[version:]:
        for statement in statements:
            execute(statement.format(number=number), ())
    execute("update version set number = ?", (len(schema.VERSIONS),))


def check_version(version: int, where: str) -> None:
    """Raises: UnknownError for tables of a newer program."""
    if version > len(schema.VERSIONS):
        raise UnknownError(
            f"The history in {where} has a newer form than this version of supasync knows",
            remedy="Install the newer supasync here too.",
        )
