"""Runs migrations on a database that has nothing else, and sees what each changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Protocol

from supasync import catalog
from supasync.catalog import Id, Scope, State
from supasync.errors import SqlError, UnexpectedAnswer
from supasync.ports import WritableDatabase
from supasync.sync.bookkeeping import again
from supasync.sync.migrations.versions import KIND

_NO_TRANSACTION = "25001"  # active_sql_transaction: the statement wants to be alone


class Scratch(Protocol):
    """Makes databases to run migrations on. about: what they are, for people."""

    @property
    def about(self) -> str: ...

    def fresh(self) -> AbstractAsyncContextManager[WritableDatabase]:
        """A database as a new project has it; gone afterwards."""


@dataclass(frozen=True, kw_only=True)
class Effect:
    """What a migration did. changed: objects it touched, by their digests then; None: gone.
    failed: why it could not be run. What its statements that want to be alone did before stays,
    and is no later migration's doing."""

    changed: Mapping[Id, str | None] = field(default_factory=dict)
    failed: str = ""


class Replay:
    """A database, and its state after the migrations that it was given."""

    def __init__(self, database: WritableDatabase, scope: Scope, state: State) -> None:
        self.database, self.state = database, state
        self._scope = scope

    @classmethod
    async def begin(cls, database: WritableDatabase, scope: Scope) -> Replay:
        """Raises: SqlError, UnknownError."""
        return cls(database, scope, await catalog.observe(database, scope))

    async def run(self, statements: Sequence[str]) -> Effect:
        """Raises: UnknownError."""
        try:
            await _run(self.database, statements)
        except SqlError as error:
            self.state = await catalog.observe(self.database, self._scope, self.state)
            return Effect(failed=error.message)
        before = self.state
        self.state = await catalog.observe(self.database, self._scope, before)
        return Effect(changed=_changes(before, self.state))


async def _run(database: WritableDatabase, statements: Sequence[str]) -> None:
    """One transaction, or one for each statement where a statement refuses to be in any."""
    try:
        await database.run("\n;\n".join([*statements, again.SAY_DONE]))
    except SqlError as error:
        if error.sqlstate != _NO_TRANSACTION or len(statements) == 0:
            raise
    else:
        return
    for statement in statements:
        try:
            await database.run(statement)
        except UnexpectedAnswer:
            continue  # it ran: what it answers is no matter


def _changes(before: State, after: State) -> dict[Id, str | None]:
    old, new = before.digests, after.digests
    changed: dict[Id, str | None] = {
        id_: digest for id_, digest in new.items() if old.get(id_) != digest
    }
    changed.update({id_: None for id_ in old if id_ not in new})
    return {id_: digest for id_, digest in changed.items() if id_[0] != KIND}
