"""Every case of tests/corpus, in both directions, held to what pg_dump says."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fix_catalog import Ends, target_becomes_source

CORPUS = Path(__file__).parents[2] / "corpus"
CASES = sorted(path.name for path in CORPUS.iterdir())


@pytest.mark.parametrize("direction", ["forth", "back"])
@pytest.mark.parametrize("case", CASES)
async def test_case(ends: Ends, case: str, direction: str) -> None:
    names = ["a.sql", "b.sql"] if direction == "back" else ["b.sql", "a.sql"]
    await ends.source.run((CORPUS / case / names[0]).read_text())
    await ends.target.run((CORPUS / case / names[1]).read_text())
    await target_becomes_source(ends)
