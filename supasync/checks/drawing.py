"""The tables that differ, with their columns and foreign keys, for a diagram."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import TypeAlias

from supasync import ports
from supasync.catalog import Id, Scope, State, differences
from supasync.catalog.kinds.constraint import Constraint
from supasync.catalog.model import Catalog
from supasync.report.html import Box, Edge
from supasync.sync.reconcile import Planned

_TABLE, _COLUMN = "table", "column"
Path: TypeAlias = tuple[str, str]
Key: TypeAlias = tuple[Id, Path, Path, str]
"""A foreign key: its id, from which table to which, and what it says."""


async def tables(
    planned: Planned, main: ports.Database, branch: ports.Database, scope: Scope
) -> tuple[tuple[Box, ...], tuple[Edge, ...]]:
    """Each table with a difference, and those that are tied to one of them by a foreign key.

    Raises: SourceMoved, TargetMoved, SqlError, UnknownError.
    """
    there, here = planned.source, planned.target
    changed = {
        path
        for id_ in differences(there, here)
        if len(id_) > 2 and id_ not in planned.plan.reparsed
        for path in [(id_[1], id_[2])]
        if _is_table(path, there) or _is_table(path, here)
    }
    if not changed:
        return (), ()
    new, old = await asyncio.gather(
        _keys(Catalog(main, there, scope, is_source=True)),
        _keys(Catalog(branch, here, scope, is_source=False)),
    )
    keys = {key[0]: key for key in (*old, *new)}
    tied = [key for key in keys.values() if changed & {key[1], key[2]}]
    shown = changed | {path for _, start, end, _ in tied for path in (start, end)}
    edges = [
        Edge(".".join(start), ".".join(end), label, _how(id_, there, here))
        for id_, start, end, label in tied
    ]
    boxes = [_box(path, there, here, changed=path in changed) for path in sorted(shown)]
    return tuple(boxes), tuple(edges)


async def _keys(catalog: Catalog) -> list[Key]:
    await catalog.read(catalog.state.listing.family((Constraint.kind,)))
    return [
        (each.id, (each.path[0], each.path[1]), each.referenced[:2], each.definition)
        for each in catalog.objects.values()
        if isinstance(each, Constraint) and each.type == "f" and each.referenced is not None
    ]


def _box(path: Path, there: State, here: State, *, changed: bool) -> Box:
    how = _how((_TABLE, *path), there, here)
    if how == "same" and changed:
        how = "changed"
    return Box(
        name=".".join(path),
        how=how,
        columns={id_[-1]: _how(id_, there, here) for id_ in sorted(_columns(path, (there, here)))},
    )


def _columns(path: Path, states: Iterable[State]) -> set[Id]:
    return {id_ for state in states for id_ in state.listing.family((_COLUMN, *path))}


def _is_table(path: Path, state: State) -> bool:
    return (_TABLE, *path) in state.digests


def _how(id_: Id, there: State, here: State) -> str:
    want, have = there.digests.get(id_), here.digests.get(id_)
    if want == have:
        return "same"
    return "new" if have is None else "dropped" if want is None else "changed"
