"""Production and a branch as two databases, and the copy of rows between them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from supasync import config, direct
from supasync.events import Event, RowsCopied
from supasync.sync.asked import allowed
from supasync.sync.bookkeeping.lease import Lease
from supasync.sync.context import Run
from supasync.sync.data.copy import prepared
from supasync.sync.withheld import WithoutValues

REF = "abcdefghijklmnopqrst"
HEAD = f'[project]\nref = "{REF}"\n[branches.testing]\nauto_sync_data = true\n'
KEY = '[masks]\nkey = "0123456789abcdef"\n'


class Production:
    """Production as the client lets it be asked: nothing is sent that was not allowed."""

    name = "main"

    def __init__(self, url: str) -> None:
        self.database = direct.Database(url)
        self.config: config.Config | None = None
        self.asked: list[str] = []
        self.texts: list[str] = []
        self.before: Callable[[str], Awaitable[None]] | None = None

    async def fetch(self, sql: str) -> str | None:
        assert self.config is not None
        statement = allowed(self.config)(sql)
        assert statement is not None
        self.asked.append(statement.query)
        self.texts.append(sql)
        if self.before is not None:
            await self.before(statement.query)
        return await self.database.fetch(sql)

    def fits(self, sql: str) -> bool:
        return True

    @property
    def pages(self) -> list[str]:
        return [query for query in self.asked if query.startswith("rows ")]


class Rows:
    """`await rows(listed)` copies what is listed. Both ends have the same schema."""

    def __init__(self, production: Production, target: direct.Database, folder: Path) -> None:
        self.production, self.target, self.folder = production, target, folder
        self.events: list[Event] = []

    async def both(self, sql: str) -> None:
        await self.main(sql)
        await self.target.run(sql)

    async def main(self, sql: str) -> None:
        await self.production.database.run(sql)

    async def there(self, query: str) -> str | None:
        """Of the branch."""
        return await self.target.fetch(f"select ({query})::text")

    async def same(self, table: str) -> bool:
        """Whether both have the same rows, as their types print them."""
        query = f"select coalesce(string_agg(t::text, chr(10) order by t::text), '') from {table} t"
        ends = (self.production.database, self.target)
        one, other = [await end.fetch(query) for end in ends]
        return one == other

    def load(self, listed: str) -> config.Config:
        file = self.folder / "config.toml"
        file.write_text(HEAD + listed)
        return config.load(file, env={})

    async def __call__(
        self, listed: str, *, emptying: str | None = None, may_lose: bool = True
    ) -> dict[str, RowsCopied]:
        """The events by table."""
        self.production.config = loaded = self.load(listed)
        self.production.asked.clear()
        self.production.texts.clear()
        self.events.clear()
        run = Run(emit=self.events.append, holder="alice@laptop")
        target = WithoutValues(self.target)  # as a sync has it
        copy = await prepared(run, loaded, "testing", production=self.production, target=target)
        async with Lease(target, run) as lease:
            await copy.copy(lease, emptying=emptying, may_lose=may_lose)
        return {event.table: event for event in self.events if isinstance(event, RowsCopied)}


@pytest.fixture
async def rows(make_database: Callable[[], str], tmp_path: Path) -> AsyncIterator[Rows]:
    production = Production(make_database())
    async with production.database, direct.Database(make_database()) as target:
        yield Rows(production, target, tmp_path)


def only(table: str, more: str = "") -> str:
    """The section of one table."""
    return f"[branches.testing.data.'{table}']\n{more}\n"
