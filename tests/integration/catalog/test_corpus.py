"""Every case of tests/corpus, held to what pg_dump says."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests import oracle
from tests.fix_catalog import Ends
from tests.fix_sandbox import EVERYTHING, MAIN, SERVERS

CORPUS = Path(__file__).parents[2] / "corpus"
CASES = {
    folder.name: ((folder / "a.sql").read_text(), (folder / "b.sql").read_text())
    for folder in sorted(CORPUS.iterdir())
}
FORTH, BACK = "forth", "back"
MAJORS = [server.major for server in SERVERS]


def _needs(case: str) -> int:
    """The oldest major that a case is for: `-- needs: 17` as the first line of its files."""
    first = (re.match(r"-- needs: (\d+)\n", text) for text in CASES[case])
    return max(int(line[1]) if line else 0 for line in first)


def _directions(case: str, major: int) -> tuple[str, ...]:
    """Both on the sandbox's major for an eighth of the cases. For the sake of time one for the
    others, and for an eighth of all on one of the other majors, unless everything is asked for."""
    if EVERYTHING:
        return (FORTH, BACK)
    if major == max(MAIN, _needs(case)):
        lot = zlib.crc32(case.encode()) % 8
        return ((FORTH,), (BACK,))[lot % 2] if lot < 7 else (FORTH, BACK)
    others = [other for other in MAJORS if other != MAIN and _needs(case) <= other]
    lot, place = divmod(zlib.crc32(case.encode()), 8 * len(others))
    return ((FORTH, BACK)[lot % 2],) if place < len(others) and others[place] == major else ()


def _runs() -> Iterator[Any]:
    for server in SERVERS:
        for case in CASES:
            if _needs(case) <= server.major and (ways := _directions(case, server.major)):
                yield pytest.param(server, case, ways, id=f"pg{server.major}-{case}")


# the scope keeps a server from one case to the next
@pytest.mark.parametrize(
    ("any_cluster", "case", "directions"), [*_runs()], indirect=["any_cluster"], scope="session"
)
async def test_case(
    ends: Ends, case: str, directions: tuple[str, ...], subtests: pytest.Subtests
) -> None:
    a, b = CASES[case]
    await ends.source.run(a)
    await ends.target.run(b)
    sources = {FORTH: ends.source, BACK: ends.target}
    left, right = await oracle.sides(ends, *(sources[way] for way in directions))
    ways = {FORTH: (left, right, a), BACK: (right, left, b)}
    # planned before anything is applied, so that two databases are enough for both directions
    plans = {way: await oracle.plan(*ways[way][:2]) for way in directions}
    for way in directions:
        source, target, text = ways[way]
        with subtests.test(way):
            await oracle.becomes(ends, plans[way], source, target, text)
