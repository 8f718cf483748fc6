"""Every case of tests/corpus_platform, in both directions: user state in the platform's areas."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.fix_platform import Pair

CORPUS = Path(__file__).parents[2] / "corpus_platform"
CASES = sorted(path.name for path in CORPUS.iterdir())


@pytest.mark.parametrize("direction", ["forth", "back"])
@pytest.mark.parametrize("case", CASES)
async def test_case(pair: Pair, case: str, direction: str) -> None:
    needs = re.match(r"-- needs: (\d+)", (CORPUS / case / "a.sql").read_text())
    if needs and pair.main.instance.binaries.major < int(needs[1]):
        pytest.skip(f"needs PostgreSQL {needs[1]}")
    names = ["a.sql", "b.sql"] if direction == "back" else ["b.sql", "a.sql"]
    pair.main.load((CORPUS / case / names[0]).read_text())
    pair.branch.load((CORPUS / case / names[1]).read_text())
    await pair.target_becomes_source()
