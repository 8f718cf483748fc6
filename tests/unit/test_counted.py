"""Databases that count their calls pass on what they are asked and what they can do."""

from __future__ import annotations

from supasync.ports import WritableDatabase
from supasync.sync.counted import Counted, CountedWritable


class Notebook:
    """A database that notes what it was asked."""

    name = "testing"

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def fetch(self, sql: str) -> str | None:
        self.asked.append(sql)
        return "read " + sql

    async def run(self, sql: str) -> str | None:
        self.asked.append(sql)
        return "wrote " + sql

    def fits(self, sql: str) -> bool:
        return sql == "short"


async def test_a_database_that_is_only_read_cannot_be_written() -> None:
    inner = Notebook()
    database = Counted(inner)
    assert database.name == "testing"
    assert database.calls == 0
    assert [await database.fetch(each) for each in "ab"] == ["read a", "read b"]
    assert (database.calls, inner.asked) == (2, ["a", "b"])
    assert database.fits("short")
    assert not database.fits("long")
    assert not isinstance(database, WritableDatabase)


async def test_reads_and_writes_are_counted_together() -> None:
    inner = Notebook()
    database = CountedWritable(inner)
    assert isinstance(database, WritableDatabase)
    assert [await database.run("a"), await database.run("b")] == ["wrote a", "wrote b"]
    assert await database.fetch("c") == "read c"
    assert (database.name, database.calls, inner.asked) == ("testing", 3, ["a", "b", "c"])
    assert database.fits("short")
