"""Every case of tests/corpus_platform: user state in the platform's areas.

In both directions on the sandbox's major, a third of them in one direction on the other.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.fix_platform import Pair
from tests.fix_sandbox import EVERYTHING, MAIN, TESTED

CORPUS = Path(__file__).parents[2] / "corpus_platform"
CASES = sorted(path.name for path in CORPUS.iterdir())
WAYS = {"forth": ("a.sql", "b.sql"), "back": ("b.sql", "a.sql")}


def _runs() -> Iterator[Any]:
    for server in TESTED:
        for case in CASES:
            needs = re.match(r"-- needs: (\d+)", (CORPUS / case / "a.sql").read_text())
            if needs and server.major < int(needs[1]):
                continue
            ways = [*WAYS]
            if server.major != MAIN and not EVERYTHING:
                lot = zlib.crc32(case.encode()) % 6
                ways = ways[lot : lot + 1]
            for way in ways:
                yield pytest.param(server, case, way, id=f"pg{server.major}-{case}-{way}")


@pytest.mark.parametrize(
    ("projects", "case", "way"), [*_runs()], indirect=["projects"], scope="session"
)
async def test_case(pair: Pair, case: str, way: str) -> None:
    have, want = WAYS[way]
    pair.main.load((CORPUS / case / want).read_text())
    pair.branch.load((CORPUS / case / have).read_text())
    await pair.target_becomes_source()
