"""The maritime example on a real server, reached as its users reach it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest

from supasync.sandbox import Sandbox

ROOT = Path(__file__).resolve().parents[3]
SEEDS = sorted((ROOT / "seeds").glob("*.sql"))
EXAMPLE = ROOT / "supasync/sandbox/example"
RESEED = "public.reseed_testing_environment()"

Execute = Callable[..., list[tuple[Any, ...]]]


@pytest.fixture
async def box() -> AsyncIterator[Sandbox]:
    async with Sandbox.open() as running:
        yield running


@pytest.fixture
def execute(box: Sandbox) -> Execute:
    """Runs one text on production as its owner, in one transaction; the last rows."""

    def run(text: str, url: str = box.main.db_url) -> list[tuple[Any, ...]]:
        with psycopg.connect(url) as connection:
            cursor = connection.execute(text.encode())
            while cursor.nextset():
                pass
            return cursor.fetchall() if cursor.description else []

    return run


@pytest.fixture
def seed(execute: Execute) -> Callable[..., None]:
    """Runs the seed files as a sync does; `reseed` empties the tables after the first of them."""

    def run(*, reseed: bool) -> None:
        first, *rest = (file.read_text() for file in SEEDS)
        execute("\n".join([first, f"select {RESEED};" if reseed else "", *rest]))

    return run
