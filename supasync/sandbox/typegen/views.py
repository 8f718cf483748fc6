"""Foreign keys that views have because they show a key's columns.

Which column of which relation a view's column comes from stands in the tree of its rule: each
TARGETENTRY of the outermost query has its place (resno), and the relation and column it was taken
from (resorigtbl, resorigcol).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import product
from typing import Final

from supasync.sandbox.typegen.catalog import Connection, Relationship

RULES: Final = """
select c.oid::int8, r.ev_action::text from pg_class as c
join pg_namespace as n on n.oid = c.relnamespace
join pg_rewrite as r on r.ev_class = c.oid and r.rulename = '_RETURN'
where c.relkind in ('v', 'm') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
"""
ATTRIBUTES: Final = """
select attrelid::int8, attnum::int, attname::text from pg_attribute where attnum > 0
"""
_TOKEN = re.compile(r"\\.|[{}]|:(resno|resorigtbl|resorigcol) (\d+)")

Place = tuple[int, int]
"""A relation and the number of its column."""


async def relationships(connection: Connection, keys: Sequence[Relationship]) -> list[Relationship]:
    """The keys, and after them those that views have, on either end or on both."""
    shown = await _shown(connection)
    made = list(keys)
    for relationship in keys:
        sources = [(relationship.source, relationship.columns)]
        targets = [(relationship.target, relationship.target_columns)]
        from_views = list(_views(shown, *sources[0]))
        to_views = list(_views(shown, *targets[0]))
        pairs = [
            *product(from_views, targets),
            *product(sources, to_views),
            *product(from_views, to_views),
        ]
        made += [
            Relationship(relationship.name, *source, *target, one_to_one=relationship.one_to_one)
            for source, target in pairs
        ]
    return made


Shown = dict[tuple[int, str], dict[int, list[str]]]
"""By relation and column of a table: the views that show it, and under which names."""


def _views(shown: Shown, table: int, columns: Sequence[str]) -> Iterator[tuple[int, list[str]]]:
    """Each view that has all these columns, with its names for them."""
    by_column = [shown.get((table, column), {}) for column in columns]
    for view in by_column[0] if by_column else ():
        if all(view in each for each in by_column):
            for names in product(*(each[view] for each in by_column)):
                yield view, list(names)


async def _shown(connection: Connection) -> Shown:
    cursor = await connection.execute(RULES.encode())
    origins: dict[Place, Place] = {}
    views = set()
    for view, tree in await cursor.fetchall():
        views.add(int(str(view)))
        for column, origin in _entries(str(tree)):
            origins[int(str(view)), column] = origin
    cursor = await connection.execute(ATTRIBUTES.encode())
    names = {(int(str(r)), int(str(n))): str(name) for r, n, name in await cursor.fetchall()}
    shown: Shown = defaultdict(lambda: defaultdict(list))
    for (view, column), origin in sorted(origins.items(), key=lambda each: names.get(each[0], "")):
        base = origin
        while base in origins:  # a view over a view
            base = origins[base]
        if base in names and base[0] not in views and (view, column) in names:
            shown[base[0], names[base]][view].append(names[view, column])
    return shown


def _entries(tree: str) -> Iterator[tuple[int, Place]]:
    """The outermost query's columns that are taken from somewhere."""
    depth, entry = 0, dict[str, int]()
    for token in _TOKEN.finditer(tree):
        if token[0] == "{":
            depth += 1
        elif token[0] == "}":
            if depth == 2 and entry.get("resorigtbl"):
                yield entry["resno"], (entry["resorigtbl"], entry["resorigcol"])
            depth -= 1
            entry = {} if depth == 1 else entry
        elif token[1] and depth == 2:
            entry[token[1]] = int(token[2])
