"""Two access matrices as one: each right on each object, the same, wider or narrower."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from supasync.catalog.access import ROLES, Access, Function, Held, Relation
from supasync.catalog.grants import PRIVILEGES

_ROWS = 60
_TABLE = ("r", "a", "w", "d", "DxtmU")
_FUNCTION = ("X",)


@dataclass(frozen=True)
class Cell:
    """how: `held`, `none`, `wider` or `narrower`. title: for people."""

    how: str
    title: str


@dataclass(frozen=True)
class Row:
    name: str
    cells: tuple[Cell, ...]
    differs: bool


@dataclass(frozen=True, kw_only=True)
class Matrix:
    """heads: of the cells of each role. without: objects that nobody has a right on, on neither
    side; they have no row."""

    title: str
    roles: tuple[str, ...]
    heads: tuple[str, ...]
    rows: tuple[Row, ...]
    left_out: int
    without: int


def matrices(main: Access, branch: Access) -> list[Matrix]:
    """Of tables and views, and of functions; none of what there is none of."""
    lent = {
        path
        for path, each in (*main.relations.items(), *branch.relations.items())
        if each.lent and not (path in main.relations and path in branch.relations)
    }
    relations = sorted((main.relations.keys() | branch.relations.keys()) - lent)
    functions = sorted(main.functions.keys() | branch.functions.keys())
    found = [
        _matrix(
            "Tables, views and sequences",
            ("select", "insert", "update", "delete", "other"),
            [_row(p, main.relations.get(p), branch.relations.get(p), _TABLE) for p in relations],
        ),
        _matrix(
            "Functions",
            ("execute",),
            [_row(p, main.functions.get(p), branch.functions.get(p), _FUNCTION) for p in functions],
        ),
    ]
    return [each for each in found if each.rows]


def _matrix(title: str, heads: tuple[str, ...], rows: Sequence[Row]) -> Matrix:
    some = [row for row in rows if any(cell.how != "none" for cell in row.cells)]
    ordered = sorted(some, key=lambda row: not row.differs)
    return Matrix(
        title=title,
        roles=ROLES,
        heads=heads,
        rows=tuple(ordered[:_ROWS]),
        left_out=max(0, len(some) - _ROWS),
        without=len(rows) - len(some),
    )


def _row(
    path: tuple[str, str],
    was: Relation | Function | None,
    now: Relation | Function | None,
    groups: Sequence[str],
) -> Row:
    cells = tuple(_cells(was.held if was else {}, now.held if now else {}, groups))
    differs = any(cell.how in {"wider", "narrower"} for cell in cells)
    return Row(".".join(path), cells, differs)


def _cells(was: Held, now: Held, groups: Sequence[str]) -> Iterator[Cell]:
    for role in ROLES:
        for letters in groups:
            before = {x for x in was.get(role, "") if x in letters}
            after = {x for x in now.get(role, "") if x in letters}
            how = "held" if after else "none"
            how = "wider" if after - before else "narrower" if before - after else how
            here, there = _words(after), _words(before)
            title = f"{role}: {here}" if before == after else f"{role}: {here}; main: {there}"
            yield Cell(how, title)


def _words(letters: set[str]) -> str:
    return ", ".join(sorted(PRIVILEGES[letter] for letter in letters)) or "nothing"
