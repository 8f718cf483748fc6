"""The report's page without a browser: whatever the names and however much there is."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import replace

import pytest

from supasync.catalog.access import Access, Relation
from supasync.history import BranchRun, State
from supasync.report.html import Box, BranchPicture, Changed, Edge, Picture, render
from supasync.report.html.diagram import WIDTH, diagram
from supasync.report.html.heat import matrices
from supasync.report.html.plot import plot
from supasync.report.html.sides import sides
from tests.hostile import NAMES

MARKUP = ("</style><script>alert(1)</script>", "\"><img src=x onerror='1'>", "{{ 7 * 7 }}&amp;")


def picture(branch: BranchPicture) -> Picture:
    return Picture(project="a" * 20, made="now", version="1", branches=(branch,))


def branch(**values: object) -> BranchPicture:
    return replace(BranchPicture(name="testing", ref="b" * 20, verdict="OutOfSync"), **values)


def relation(held: dict[str, str]) -> Relation:
    return Relation("r", False, held, True, False, "", {}, {})


def access(*names: str, **held: str) -> Access:
    return Access({}, {}, {("public", name): relation(held) for name in names}, {})


def run(number: int, seconds: float | None, code: int | None) -> BranchRun:
    return BranchRun(
        number=number, run_id=str(number), attempt=1, command="branches sync", trigger="command",
        by="", branch="testing", ref="", started=1e9 + number, ended=None, seconds=seconds,
        state=State.INTERRUPTED if seconds is None else State.ENDED, heard=None,
        verdict="Synced", code=code, changed=False, reason="", remedy="", error="", api_calls=0,
        sql_calls=0,
    )  # fmt: skip


def test_hostile_names_are_text_everywhere() -> None:
    names = (*NAMES, *MARKUP)
    told = branch(
        name=MARKUP[0],
        reason=MARKUP[0],
        remedy=MARKUP[1],
        changed=tuple(
            Changed(title=n, old=n, new=f"x{n}", steps=(n,), hazards=((n, n),)) for n in names
        ),
        cannot_apply=names,
        notices=names,
        boxes=tuple(Box(name=n, how="new", columns={n: "same"}) for n in names),
        edges=tuple(Edge(n, names[0], n, "new") for n in names),
        access=(access(*names, anon="r"), access(*names, anon="a")),
        wider=names,
    )
    page = render(picture(told))
    assert set(re.findall(r"<(script|img|link|iframe|object)", page)) == set()
    assert page.count("</style>") == 1
    assert "{{ 7 * 7 }}&amp;amp;" in page
    assert not re.search(r"[\u202e\u2028\x00-\x08]", page)
    assert re.findall(r'(?:src|href)="(?!#)', page) == []


def test_much_is_cut_and_counted() -> None:
    many = tuple(f"t{n:05}" for n in range(5000))
    text = "\n".join(many)
    told = branch(
        changed=tuple(
            Changed(title=n, old="", new=text, steps=many[:50], hazards=()) for n in many
        ),
        notices=many,
        boxes=tuple(Box(name=n, how="new", columns=dict.fromkeys(many[:50], "new")) for n in many),
        access=(access(*many, anon="r"), access(*many, anon="r")),
        runs=tuple(run(n, 1.0, 0) for n in range(500)),
    )
    page = render(picture(told))
    assert len(page) < 3_000_000
    for words in ("4940 more objects", "4880 more lines", "4976 more tables", "and 4980 more"):
        assert words in page, words
    assert "440 earlier ones" in page


def test_sides_pair_lines_and_leave_out_what_is_the_same() -> None:
    same = [f"line {n}" for n in range(20)]
    lines, cut = sides("\n".join([*same, "a", "b"]), "\n".join([*same, "A"]))
    assert cut == 0
    assert [each.how for each in lines] == ["gap", "same", "same", "same", "both", "old"]
    assert (lines[0].old, lines[4].old, lines[4].new) == ("17", "a", "A")


def test_what_is_referenced_is_left_and_circles_are_drawn() -> None:
    names = ("a", "b", "c", "d", "e")
    boxes = [Box(name=name, how="changed", columns={"id": "same"}) for name in names]
    edges = [Edge(*pair, "fk", "same") for pair in ("ba", "cb", "ca", "aa", "de", "ed")]
    drawn = diagram(boxes, edges)
    at = {box.name: box.x for box in drawn.boxes}
    assert at["a"] < at["b"] < at["c"]
    assert len(drawn.edges) == 6
    corners = {(box.x, box.y) for box in drawn.boxes}
    assert len(corners) == 5
    assert all(box.y + box.height <= drawn.height for box in drawn.boxes)


@pytest.mark.parametrize("seed", range(6))
def test_no_arrow_runs_behind_a_box(seed: int) -> None:
    lot = random.Random(seed)
    names = [f"t{n}" for n in range(20)]
    boxes = [
        Box(name=name, how="new", columns=dict.fromkeys(names[: lot.randrange(12)], "same"))
        for name in names
    ]
    edges = [Edge(lot.choice(names), lot.choice(names), "fk", "new") for _ in range(40)]
    drawn = diagram(boxes, edges)
    assert len({box.x for box in drawn.boxes}) > 2, "columns to pass by"
    for edge in drawn.edges:
        for x, y in points(edge.path):
            assert 0 <= x <= drawn.width and 0 <= y <= drawn.height
            for box in drawn.boxes:
                inside = box.x < x < box.x + WIDTH and box.y < y < box.y + box.height
                assert not inside, f"{edge.label} behind {box.name}: {edge.path}"


def points(path: str) -> Iterator[tuple[float, float]]:
    """Points of a path of absolute M, L and C, near enough to each other to meet any box."""
    at = (0.0, 0.0)
    for letter, rest in re.findall(r"([MLC])([^MLC]*)", path):
        corners = [tuple(map(float, each.split(","))) for each in rest.split()]
        for n in range(41):
            t = n / 40
            if letter == "C":
                ends = (at, *corners)
                weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3)
                yield tuple(
                    sum(w * end[k] for w, end in zip(weights, ends, strict=True)) for k in (0, 1)
                )
            elif letter == "L":
                yield tuple(a + (b - a) * t for a, b in zip(at, corners[0], strict=True))
        at = corners[-1]


@pytest.mark.parametrize(
    ("asked", "verdict", "told"),
    [
        (False, "Synced", "the platform&#39;s own diff was not asked"),
        (True, "Synced", "the platform&#39;s own diff sees no difference either"),
        (False, "OutOfSync", ""),
    ],
)
def test_whether_the_second_witness_was_asked_is_told(asked, verdict, told) -> None:
    page = render(picture(branch(verdict=verdict, witness=asked)))
    assert told in page
    assert ("own diff" in page) == bool(told)


def test_rights_that_are_wider_come_first() -> None:
    main = replace(access("a", "b", anon="r"), functions={})
    here = Access({}, {}, {**main.relations, ("public", "b"): relation({"anon": "ra"})}, {})
    [matrix] = matrices(main, here)
    assert [row.name for row in matrix.rows] == ["public.b", "public.a"]
    assert [cell.how for cell in matrix.rows[0].cells[:3]] == ["held", "wider", "none"]


def test_a_sync_without_an_end_has_no_bar() -> None:
    assert plot([run(1, None, None)]) is None
    drawn = plot([run(1, 2.0, 0), run(2, None, None), run(3, 8.0, 7)])
    assert drawn is not None
    assert [bar.good for bar in drawn.bars] == [True, False]
    assert drawn.bars[0].height < drawn.bars[1].height
