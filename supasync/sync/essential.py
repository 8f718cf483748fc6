"""The tables without which a branch is of no use, looked for in what was already read."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TypeAlias

from supasync import sql
from supasync.catalog import State
from supasync.config import EssentialTable
from supasync.errors import Refused

Relations: TypeAlias = Mapping[tuple[str, ...], Collection[str] | None]
"""Columns by schema and name; None where they are not known."""

_KINDS = frozenset({"table", "view", "matview"})


def missing(tables: Sequence[EssentialTable], there: Relations) -> list[str]:
    """`table public.users`, `column public.users.email`; in the order of the configuration."""
    found = []
    for each in tables:
        name = sql.names(each.table)
        if name not in there:
            found.append(f"table {each.table}")
            continue
        columns = there[name]
        if columns is not None:
            lacks = (column for column in each.columns if column not in columns)
            found += [f"column {each.table}.{column}" for column in lacks]
    return found


def check(source: State, tables: Sequence[EssentialTable]) -> None:
    """Raises: Refused when the source lacks one: a sync would make branches without it."""
    if found := missing(tables, relations(source)):
        raise Refused(
            f"Production has no {', '.join(found)}, which [validation] calls essential",
            remedy="Check that [project] ref is the right project, or correct essential_tables.",
        )


def relations(state: State) -> Relations:
    """Columns of views are no objects of their own, so these are not known."""
    there: dict[tuple[str, ...], set[str] | None] = {
        tuple(path): set() if kind == "table" else None
        for kind, *path in state.digests
        if kind in _KINDS
    }
    for kind, *path in state.digests:
        columns = there.get(tuple(path[:2])) if kind == "column" else None
        if columns is not None:
            columns.add(path[2])
    return there
