"""Runs and databases for the tests of what a sync writes."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from supasync import direct
from supasync.events import Event
from supasync.ports import WritableDatabase
from supasync.sync.context import Run

MakeRun = Callable[..., Run]


@pytest.fixture
def events() -> list[Event]:
    return []


@pytest.fixture
def make_run(events: list[Event]) -> MakeRun:
    """`make_run("alice")` → a run held by alice whose events land in `events`."""

    def make(holder: str = "alice@laptop") -> Run:
        return Run(emit=events.append, holder=holder)

    return make


@pytest.fixture
def database(make_database: Callable[[], str]) -> direct.Database:
    return direct.Database(make_database())


@pytest.fixture
def value(database: WritableDatabase) -> Callable[[str], object]:
    """`await value("select 1")` → "1": what is in the database now."""

    async def read(query: str) -> str | None:
        return await database.fetch(f"select ({query})::text")

    return read
