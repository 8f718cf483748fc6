"""Databases that count the calls made to them, so that each branch can tell its own."""

from __future__ import annotations

from supasync.ports import Database, WritableDatabase


class Counted:
    """A database that can only be read, and counts."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.name = database.name
        self.calls = 0

    async def fetch(self, sql: str) -> str | None:
        self.calls += 1
        return await self._database.fetch(sql)

    def fits(self, sql: str) -> bool:
        return self._database.fits(sql)


class CountedWritable(Counted):
    """A database that can be written, and counts."""

    def __init__(self, database: WritableDatabase) -> None:
        super().__init__(database)
        self._writable = database

    async def run(self, sql: str) -> str | None:
        self.calls += 1
        return await self._writable.run(sql)
