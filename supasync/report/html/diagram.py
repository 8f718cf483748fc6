"""Where the tables of a diagram stand: what is referenced is left of what references it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from supasync.report.html import arrows
from supasync.report.html.arrows import Column
from supasync.report.html.model import Box, Edge

WIDTH, LINE, HEAD = 208, 18, 26
_GAP_X, _GAP_Y, _MARGIN = 76, 22, 10
_BOXES, _COLUMNS, _LETTERS = 24, 10, 25


@dataclass(frozen=True, kw_only=True)
class Placed:
    """Of a box: its corner and height, with the lines that fit into it as (text, how)."""

    x: int
    y: int
    height: int
    title: str
    name: str
    how: str
    lines: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """path: of an SVG. label: for people."""

    path: str
    label: str
    how: str


@dataclass(frozen=True, kw_only=True)
class Diagram:
    width: int
    height: int
    boxes: tuple[Placed, ...]
    edges: tuple[Drawn, ...]
    left_out: int


def diagram(boxes: Sequence[Box], edges: Sequence[Edge]) -> Diagram:
    """The most telling boxes, if there are too many: those that changed come first."""
    ordered = sorted(boxes, key=lambda box: (box.how == "same", box.name))
    shown = ordered[:_BOXES]
    names = {box.name for box in shown}
    kept = [edge for edge in edges if {edge.source, edge.target} <= names]
    ranks = _ranks(sorted(names), kept)
    placed: dict[str, Placed] = {}
    tops: dict[int, int] = {}
    for box in sorted(shown, key=lambda box: (ranks[box.name], box.name)):
        rank = ranks[box.name]
        lines = _lines(box.columns)
        height = HEAD + LINE * len(lines) + 8
        y = tops.get(rank, _MARGIN)
        placed[box.name] = Placed(
            x=_MARGIN + rank * (WIDTH + _GAP_X),
            y=y,
            height=height,
            title=_short(box.name),
            name=box.name,
            how=box.how,
            lines=lines,
        )
        tops[rank] = y + height + _GAP_Y
    columns = _columns(placed.values())
    return Diagram(
        width=max((box.x + WIDTH for box in placed.values()), default=0) + _MARGIN + 30,
        height=max(tops.values(), default=0),
        boxes=tuple(placed.values()),
        edges=tuple(_drawn(edge, placed, columns, lane) for lane, edge in enumerate(kept)),
        left_out=len(boxes) - len(shown),
    )


def _ranks(names: Sequence[str], edges: Sequence[Edge]) -> dict[str, int]:
    """How many references away from a table that references none; a circle is cut somewhere."""
    targets: dict[str, list[str]] = {name: [] for name in names}
    for edge in edges:
        if edge.source != edge.target:
            targets[edge.source].append(edge.target)
    ranks: dict[str, int] = {}

    def rank(name: str, above: frozenset[str]) -> int:
        if name not in ranks:
            reached = [rank(each, above | {name}) for each in targets[name] if each not in above]
            ranks[name] = 1 + max(reached) if reached else 0
        return ranks[name]

    for name in names:
        rank(name, frozenset({name}))
    return ranks


def _lines(columns: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    marks = {"new": "+ ", "dropped": "− ", "changed": "~ "}
    ordered = sorted(columns.items(), key=lambda each: (each[1] == "same", each[0]))
    lines = [(_short(marks.get(how, "") + name), how) for name, how in ordered[:_COLUMNS]]
    if len(ordered) > _COLUMNS:
        lines.append((f"and {len(ordered) - _COLUMNS} more", "same"))
    return tuple(lines)


def _short(text: str) -> str:
    return text if len(text) <= _LETTERS else text[: _LETTERS - 1] + "…"


def _columns(placed: Iterable[Placed]) -> dict[int, Column]:
    """What the boxes leave free, by where the columns begin."""
    boxes: dict[int, list[Placed]] = {}
    for box in sorted(placed, key=lambda box: box.y):
        boxes.setdefault(_column(box), []).append(box)
    return {
        number: Column(
            left=own[0].x,
            right=own[0].x + WIDTH,
            free=(_MARGIN // 2, *(box.y + box.height + _GAP_Y // 2 for box in own)),
        )
        for number, own in boxes.items()
    }


def _column(box: Placed) -> int:
    return (box.x - _MARGIN) // (WIDTH + _GAP_X)


def _drawn(
    edge: Edge, placed: Mapping[str, Placed], columns: Mapping[int, Column], lane: int
) -> Drawn:
    boxes = placed[edge.source], placed[edge.target]
    start, end = (arrows.End(_column(box), box.y + HEAD // 2) for box in boxes)
    if edge.source == edge.target:
        end = replace(end, y=end.y + HEAD)
    path = arrows.path(start, end, columns, lane)
    return Drawn(path=path, label=f"{edge.source} → {edge.target}: {edge.label}", how=edge.how)
