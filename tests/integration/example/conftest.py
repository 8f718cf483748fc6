"""The maritime example on a real server, reached as its users reach it."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest

from supasync.sandbox import Sandbox
from supasync.sandbox.site import Options

ROOT = Path(__file__).resolve().parents[3]
SEEDS = sorted((ROOT / "seeds").glob("*.sql"))
EXAMPLE = ROOT / "supasync/sandbox/example"
RESEED = "public.reseed_testing_environment()"

Execute = Callable[..., list[tuple[Any, ...]]]

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def box() -> Iterator[Sandbox]:
    """For tests that write only to copies of main's database, and to the branch `testing`."""
    box = Sandbox(Options(branches=("testing",)))
    yield box
    box.close()


@pytest.fixture
def database(box: Sandbox) -> Iterator[str]:
    """A copy of production's database for one test: its URL, as `postgres`."""
    name = f"copy_{next(_numbers)}"
    cluster = box.main.cluster
    copy = f"create database {name} owner postgres template postgres strategy file_copy"
    cluster.execute(copy, database="template1")
    yield urlsplit(box.main.db_url)._replace(path=f"/{name}").geturl()
    cluster.drop_database(name)


@pytest.fixture
def execute(database: str) -> Execute:
    """Runs one text in one transaction; the last rows. url: another database than the copy."""

    def run(text: str, url: str = database) -> list[tuple[Any, ...]]:
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
