"""The tables without which a branch is of no use, looked for in what was already read."""

from __future__ import annotations

from collections.abc import Sequence

from supasync import sql
from supasync.catalog import State
from supasync.errors import Refused

_KINDS = frozenset({"table", "view", "matview", "foreign_table"})


def check(source: State, tables: Sequence[str]) -> None:
    """Raises: Refused when the source lacks one: a sync would make branches without it."""
    there = {object_id[1:] for object_id in source.digests if object_id[0] in _KINDS}
    missing = [table for table in tables if sql.names(table) not in there]
    if missing:
        raise Refused(
            f"Production has no {', '.join(missing)}, which [validation] calls essential",
            remedy="Check that [project] ref is the right project, or correct essential_tables.",
        )
