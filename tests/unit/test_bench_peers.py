"""The comparison page: how results are read, judged and shown, without any peer."""

from __future__ import annotations

import importlib.util
import json
import sys
from dataclasses import replace
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
_spec = importlib.util.spec_from_file_location(
    "bench_peers_page", ROOT / "scripts" / "bench_peers_page.py"
)
assert _spec is not None
assert _spec.loader is not None
script = importlib.util.module_from_spec(_spec)
sys.modules[_spec.name] = script  # dataclasses look their module up
_spec.loader.exec_module(script)

VERDICTS = [
    script.Verdict("table--a", "ours", "equal"),
    script.Verdict("table--a", "theirs", "different", "2 lines of the dump"),
    script.Verdict("table--b", "ours", "equal"),
    script.Verdict("table--b", "theirs", "equal"),
    script.Verdict("view--a", "ours", "equal"),
    script.Verdict("view--a", "theirs", "refused", "no plan: cycle"),
]
FOUND = script.Findings(
    date="2026-11-23",
    machine={"cores": "2", "PostgreSQL": "17.10"},
    load=(0.4, 2.1),
    command="scripts/bench peers --page",
    tables=50,
    rounds=3,
    every=20,
    cases=60,
    tools={"ours": "1.0", "theirs": "2.0"},
    notes={"ours": "a note"},
    missing={"absent": "not on npm"},
    verdicts=VERDICTS,
    speeds=[
        script.Speed("ours", 1.0, 0.5, "equal"),
        script.Speed("pg_dump and psql", 0.25, 0.5, "equal"),
        script.Speed("theirs", None, 2.0, "refused: no plan: cycle"),
    ],
)


def test_totals_sections_and_speed_are_counted_by_tool() -> None:
    text = script.measured(FOUND)
    for line in (
        "3 of 60 cases, one of 20, each from `a.sql` to `b.sql`:",
        "| ours | 1.0 | 3 | 0 | 0 | a note |",
        "| theirs | 2.0 | 1 | 1 | 1 |  |",
        "| table | 2 of 2 | 1 of 2 |",
        "| view | 1 of 1 | 0 of 1 |",
        "| ours | 1.00 | 4.0 | 0.50 | 2.0 | equal |",
        "| theirs | – | – | 2.00 | 8.0 | refused: no plan: cycle |",
        "**ours**: nothing",
        "- table--a: different, 2 lines of the dump",
        "- view--a: refused, no plan: cycle",
        "- absent: not on npm",
    ):
        assert line in text.splitlines(), line


@pytest.mark.parametrize(("before", "word"), [(1.5, "quiet"), (1.6, "shared")])
def test_a_busy_machine_is_told(before: float, word: str) -> None:
    text = script.measured(replace(FOUND, load=(before, 0.0)))
    assert f"The machine was {word}: load average {before:.1f} at the beginning" in text


def test_findings_survive_json() -> None:
    assert script.Findings.read(json.loads(json.dumps(FOUND.document()))) == FOUND


def test_only_what_stands_between_the_markers_is_replaced() -> None:
    page = f"before\n{script.BEGIN}\nold\n{script.END}\nafter\n"
    new = script.page(page, FOUND)
    assert new.startswith(f"before\n{script.BEGIN}\n")
    assert new.endswith(f"{script.END}\nafter\n")
    assert "\nold\n" not in new
    assert script.page(new, FOUND) == new
    with pytest.raises(ValueError, match="lacks"):
        script.page("a page without markers", FOUND)


@pytest.mark.parametrize(
    ("want", "got", "judged"),
    [
        ("a\nb\n", "a\nb\n", ("equal", "")),
        ("a\nb\n", "b\na\n", ("different", "the order")),
        ("a\nb\nb\n", "a\nb\nc\n", ("different", "2 lines of the dump")),
        ("a\nb\n", "a\n", ("different", "1 line of the dump")),
    ],
)
def test_two_dumps_are_judged(want: str, got: str, judged: tuple[str, str]) -> None:
    assert script.judged(want, got) == judged


def test_what_differs_from_run_to_run_is_no_difference() -> None:
    first, second = "--\n-- Name: a; Type: VIEW\n--\nx\n\n", "--\n-- Name: b; Type: VIEW\n--\ny\n\n"
    key = "\\restrict abc\n"
    assert script.normal(key + first + second, loop=False) == first + second
    assert script.normal(second + first, loop=False) == second + first
    assert script.normal(key + second + first, loop=True) == script.normal(
        first + second, loop=True
    )


@pytest.mark.parametrize(
    ("said", "line"),
    [
        ("psql:/tmp/x/plan:12: ERROR:  no type | here\nLINE 1: …\n", "ERROR:  no type / here"),
        ("Traceback\n  raise TypeError(x)\nKeyError: 'a'\n", "KeyError: 'a'"),
        ("Apply failed!\n  action[0]: cannot drop\n  applied: 0\n", "action[0]: cannot drop"),
        ("connecting to postgresql://me:pass@host/x: refused", "connecting to … refused"),
        ("\x1b[31mError: bad\x1b[0m in /home/me/tools/file.js", "Error: bad in file.js"),
        ("Diff failed: it is in use\nTry --debug for the error.\n", "Diff failed: it is in use"),
        ("one\nlast words\n", "last words"),
        ("", "it said nothing"),
    ],
)
def test_the_telling_line_is_found(said: str, line: str) -> None:
    assert script.reason(said) == line


def test_the_page_can_be_written_again() -> None:
    page = (ROOT / "docs" / "evidence" / "comparison.md").read_text()
    assert script.measured(FOUND) in script.page(page, FOUND)
