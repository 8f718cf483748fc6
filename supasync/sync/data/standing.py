"""Where production and a branch stand since the last copy."""

from __future__ import annotations

import json
from dataclasses import dataclass

from supasync.errors import SqlError
from supasync.ports import Database
from supasync.sync.data import reading
from supasync.sync.data.masks import Masker
from supasync.sync.data.rowtext import Mark
from supasync.sync.data.selection import Selection

KIND = "data"
"""Of the journal's entry of a copy."""

_NO_TABLE = "42P01"
_NO_COLUMN = "42703"


@dataclass(frozen=True, kw_only=True)
class Standing:
    """found: what production has. there: what the branch has, None where its tables are others.

    current: neither has changed since the last copy. ours: the branch's rows are still those that
    the last copy brought.
    """

    found: tuple[Mark, ...]
    there: tuple[Mark, ...] | None
    current: bool
    ours: bool


async def look(
    production: Database, target: Database, selection: Selection, masker: Masker
) -> Standing:
    """Reads digests, and no row. Raises: SqlError, UnknownError."""
    found = await reading.marks(production, selection.reads)
    try:
        there = await reading.marks(target, selection.copies)
    except SqlError as error:
        if error.sqlstate not in {_NO_TABLE, _NO_COLUMN}:
            raise
        return Standing(found=found, there=None, current=False, ours=False)
    now = [*selection.fingerprints(masker, found, there)]
    last = await _last(target)
    return Standing(found=found, there=there, current=last == now, ours=last[1:] == now[1:])


async def _last(target: Database) -> list[str]:
    """The fingerprints in the journal's last entry; none without one."""
    try:
        answer = await target.fetch(
            "select json_build_array(source_fingerprint, target_fingerprint)::text"
            f" from supasync.journal where kind = '{KIND}' order by id desc limit 1"
        )
    except SqlError as error:
        if error.sqlstate != _NO_TABLE:
            raise
        return []
    return list(json.loads(answer)) if answer else []
