"""What a failed copy means. The errors have no values of rows: see `withheld`."""

from __future__ import annotations

import json
from collections.abc import Sequence

from supasync.errors import ApplyError, NotProved, SqlError, SupasyncError
from supasync.sync import rows
from supasync.sync.data.tables import ForeignKey, Name
from supasync.sync.data.writing import DANGLING, DIFFERENT

_KEPT = "No row was changed. "
_DENIED = "42501"
_OF_THE_SERVER = ("08", "25", "40", "53", "55", "57", "58")
"""Classes that are about neither rows nor rights (PostgreSQL, Appendix A)."""


def explained(
    error: SqlError, branch: str, keys: Sequence[ForeignKey], tables: Sequence[Name]
) -> SupasyncError:
    """keys, tables: those of `writing.script`, in its order. `error` itself when it is about
    neither rows nor rights."""
    if error.sqlstate == DANGLING:
        return _dangling(error, branch, keys, tables)
    if error.sqlstate == DIFFERENT:
        return NotProved(
            f"{branch}: the listed tables would not be what was read of production; rolled back",
            remedy="Something else writes to these tables, or a type has values that its own text "
            "does not give back. Run the command again; then take such columns out of the list.",
        )
    if rows.do_not_fit(error):
        return SqlError(
            f"The rows do not fit {branch}: {error.message}",
            sqlstate=error.sqlstate,
            remedy=_KEPT + "Correct the mask, the columns or the limit of the table under "
            "[branches.NAME.data]. Values are not shown: they may be production's.",
        )
    if error.sqlstate == _DENIED:
        return SqlError(
            f"{branch}: the role may not do it: {error.message}",
            sqlstate=error.sqlstate,
            remedy=_KEPT + "The role needs to own the listed tables and to be allowed to set "
            "session_replication_role.",
        )
    if error.sqlstate.startswith(_OF_THE_SERVER):
        return error
    return SqlError(
        f"{branch}: the copy failed: {error.message}",
        sqlstate=error.sqlstate,
        remedy=_KEPT + "A function that a constraint or a type of the listed tables calls may have "
        "refused the rows.",
    )


def refers_from_others(error: SqlError, keys: Sequence[ForeignKey], tables: Sequence[Name]) -> bool:
    """Whether rows of tables that are not listed refer to none, and no other rows do."""
    return error.sqlstate == DANGLING and all(
        key.table not in tables for key, _ in _found(error, keys)
    )


def _found(error: SqlError, keys: Sequence[ForeignKey]) -> list[tuple[ForeignKey, int]]:
    return [(keys[number], count) for number, count in json.loads(error.message)]


def _dangling(
    error: SqlError, branch: str, keys: Sequence[ForeignKey], tables: Sequence[Name]
) -> SupasyncError:
    found = _found(error, keys)
    lines = [
        f"  {'.'.join(key.table)} ({', '.join(key.columns)}): {count} of its rows refer to none of "
        f"{'.'.join(key.to)} ({key.name})"
        for key, count in found
    ]
    others = any(key.table not in tables for key, _ in found)
    return ApplyError(
        f"{branch}: rows would refer to rows that are not there:\n" + "\n".join(lines),
        remedy=_KEPT
        + (
            "Delete these rows of the branch, or let the seed's function do it ([seed] function, "
            "seed_on_sync, no --no-data-loss); or list these tables too."
            if others
            else "Raise or remove the limit of the table that is referred to, or mask the column "
            'that refers with "null".'
        ),
    )
