"""Every case of tests/corpus, held to what pg_dump says."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from supasync.sandbox import binaries
from tests import oracle
from tests.fix_catalog import Ends
from tests.fix_sandbox import SERVERS

CORPUS = Path(__file__).parents[2] / "corpus"
CASES = {
    folder.name: ((folder / "a.sql").read_text(), (folder / "b.sql").read_text())
    for folder in sorted(CORPUS.iterdir())
}
FORTH, BACK = "forth", "back"


def _needs(case: str) -> int:
    """The oldest major that a case is for: `-- needs: 17` as the first line of its files."""
    first = (re.match(r"-- needs: (\d+)\n", text) for text in CASES[case])
    return max(int(line[1]) if line else 0 for line in first)


def _directions(case: str, major: int) -> tuple[str, ...]:
    """Both on the major that Supabase runs. On another one of the two, for the sake of time; which
    one depends on the case and on whether the major is odd, so that each has much of both."""
    if major == binaries.find().major:
        return (FORTH, BACK)
    return ((FORTH, BACK)[(zlib.crc32(case.encode()) + major) % 2],)


def _runs() -> Iterator[Any]:
    for server in SERVERS:
        for case in CASES:
            if _needs(case) <= server.major:
                yield pytest.param(
                    server,
                    case,
                    _directions(case, server.major),
                    id=f"pg{server.major}-{case}",
                )


@pytest.mark.parametrize(
    ("any_cluster", "case", "directions"), [*_runs()], indirect=["any_cluster"]
)
async def test_case(
    ends: Ends, case: str, directions: tuple[str, ...], subtests: pytest.Subtests
) -> None:
    a, b = CASES[case]
    await ends.source.run(a)
    await ends.target.run(b)
    left, right = await oracle.sides(ends)
    ways = {FORTH: (left, right, a), BACK: (right, left, b)}
    # planned before anything is applied, so that two databases are enough for both directions
    plans = {way: await oracle.plan(*ways[way][:2]) for way in directions}
    for way in directions:
        source, target, text = ways[way]
        with subtests.test(way):
            await oracle.becomes(ends, plans[way], source, target, text)
