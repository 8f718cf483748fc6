"""A whole schema, read and written down."""

from __future__ import annotations

from supasync import catalog
from supasync.catalog import Dump, Scope
from supasync.errors import SourceMoved
from supasync.events import Phase
from supasync.ports import Database
from supasync.sync import ends
from supasync.sync.context import Run
from supasync.sync.ends import End

_TRIES = 3
"""How often a schema is read that changes meanwhile."""


async def read_dump(run: Run, end: End, scope: Scope) -> Dump:
    """Raises: SourceMoved, SqlError, UnknownError."""
    async with ends.opened(end):
        for _ in range(_TRIES - 1):
            try:
                return await _read(run, end.database, scope)
            except SourceMoved:
                continue
        return await _read(run, end.database, scope)


async def _read(run: Run, database: Database, scope: Scope) -> Dump:
    with run.phase(database.name, Phase.OBSERVE) as note:
        state = await catalog.observe(database, scope)
        note.text = f"{len(state.digests)} objects"
    with run.phase(database.name, Phase.PLAN):
        return await catalog.make_dump(database, state, scope)
