"""The ways of a diagram's arrows: beside the boxes, never behind them.

Between two columns there is room for curves. A column that an arrow passes is crossed where no box
stands: above its first box, below its last, or between two.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_BEND, _LANES, _APART = 32, 5, 2


@dataclass(frozen=True)
class Column:
    """left, right: of its boxes. free: heights at which it can be crossed; 4 above and below each
    nothing stands either."""

    left: int
    right: int
    free: tuple[int, ...]


@dataclass(frozen=True)
class End:
    """Where an arrow begins or ends: at this height beside the boxes of a column."""

    column: int
    y: int


def path(start: End, end: End, columns: Mapping[int, Column], lane: int) -> str:
    """An SVG path. lane: the arrow's number: several that pass one place lie beside each other."""
    side = columns[start.column]
    if start.column == end.column:  # itself, or round a circle
        x, bend = side.right, side.right + _BEND
        return f"M{x},{start.y} C{bend},{start.y} {bend},{end.y} {x},{end.y}"
    back = start.column > end.column
    step = -1 if back else 1
    passed = [columns[number] for number in range(start.column + step, end.column, step)]
    x, y = (side.left if back else side.right), start.y
    parts = [f"M{x},{y}"]
    for column in passed:
        near, far = (column.right, column.left) if back else (column.left, column.right)
        free = _nearest(column.free, y, end.y) + (lane % _LANES - _LANES // 2) * _APART
        parts += [_curve(x, y, near, free), f"L{far},{free}"]
        x, y = far, free
    last = columns[end.column]
    parts.append(_curve(x, y, last.right if back else last.left, end.y))
    return " ".join(parts)


def _nearest(free: Sequence[int], here: int, there: int) -> int:
    return min(free, key=lambda y: abs(y - here) + abs(y - there))


def _curve(x: int, y: int, to_x: int, to_y: int) -> str:
    middle = (x + to_x) // 2
    return f"C{middle},{y} {middle},{to_y} {to_x},{to_y}"
