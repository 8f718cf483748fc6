"""Deliveries as they come, until their branch's burst is over and becomes a job.

All that arrive while a commit is on its way are stored by the next one, so hundreds in a second
cost the disk no more than a few do. A delivery waits, is taken into a burst, and the burst's job is
begun: whatever is cut off between these is found by its state and gone on with.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from enum import StrEnum
from functools import partial
from typing import TypeVar
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from supasync.service.jobs import database

T = TypeVar("T")


class State(StrEnum):
    WAITING = "waiting"
    TAKEN = "taken"
    BEGUN = "begun"
    CANCELLED = "cancelled"


@dataclass(frozen=True, kw_only=True)
class Stored:
    """A delivery. at: seconds since the epoch. burst: its job's id, once it is taken."""

    id: str
    branch: str
    trigger: str
    at: float
    state: State = State.WAITING
    burst: str | None = None


@dataclass(frozen=True, kw_only=True)
class Burst:
    """What waits for a branch. oldest, newest: when it came, seconds since the epoch."""

    branch: str
    oldest: float
    newest: float

    def pause(self, now: float, *, quiet: float, longest: float) -> float:
        """Seconds until it is over: after so much quiet, or when it has lasted so long. A clock
        that was set back does not make it last; one that is a little behind the machine's that
        stored the newest does not end it."""
        if now < self.newest - quiet:
            return 0.0
        return max(0.0, min(self.newest + quiet, self.oldest + longest) - now)


class Inbox:
    """Every method is one transaction, done in a thread. Raises: sqlalchemy's errors."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._is_postgres = engine.dialect.name == "postgresql"
        self._deliveries = sa.Table(
            "deliveries",
            sa.MetaData(schema=database.SCHEMA if self._is_postgres else None),
            sa.Column("id", sa.Text, primary_key=True),
            sa.Column("branch", sa.Text, nullable=False),
            sa.Column("trigger", sa.Text, nullable=False),
            sa.Column("at", sa.Double, nullable=False),
            sa.Column("state", sa.Text, nullable=False, index=True),
            sa.Column("burst", sa.Text, index=True),
        )
        self._threads = ThreadPoolExecutor(2, "inbox")
        self._coming: list[tuple[Stored, asyncio.Future[bool]]] = []
        self._storing: asyncio.Task[None] | None = None

    async def prepare(self) -> None:
        await self._do(lambda connection: database.make(connection, self._deliveries.metadata))

    async def aclose(self) -> None:
        if self._storing is not None:
            await self._storing
        self._threads.shutdown()
        self._engine.dispose()

    async def put(self, delivery: Stored) -> bool:
        """Stored when this returns; False when its id is known already."""
        future: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._coming.append((delivery, future))
        if self._storing is None:
            self._storing = asyncio.create_task(self._store())
        return await future

    async def _store(self) -> None:
        while self._coming:
            batch, self._coming = self._coming, []
            try:
                news = await self._do(partial(self._insert, [each for each, _ in batch]))
            except Exception as error:  # noqa: BLE001 -- each who waits is told
                for _, future in batch:
                    if not future.done():
                        future.set_exception(error)
                continue
            for (_, future), is_new in zip(batch, news, strict=True):
                if not future.done():  # whose request was cancelled
                    future.set_result(is_new)
        self._storing = None

    def _insert(self, batch: Sequence[Stored], connection: sa.Connection) -> list[bool]:
        dialect = postgresql if self._is_postgres else sqlite
        # a row comes back of what is new; drivers need not count what is inserted
        insert = (
            dialect.insert(self._deliveries)
            .on_conflict_do_nothing()
            .returning(self._deliveries.c.id)
        )
        return [connection.execute(insert, asdict(each)).first() is not None for each in batch]

    async def find(self, id_: str) -> Stored | None:
        found = await self._rows(self._deliveries.c.id == id_)
        return found[0] if found else None

    async def newest(self, *states: State) -> list[Stored]:
        """Of each burst in these states, and of what waits to be one, the newest delivery; oldest
        first. However many came, these are few."""
        table = self._deliveries.c
        of_burst = sa.func.row_number().over(
            partition_by=[table.branch, table.state, table.burst],
            order_by=[table.at.desc(), table.id.desc()],
        )
        ranked = sa.select(table.id, of_burst.label("rank")).where(table.state.in_(states))
        first = ranked.subquery()
        return await self._rows(table.id.in_(sa.select(first.c.id).where(first.c.rank == 1)))

    async def bursts(self) -> list[Burst]:
        table = self._deliveries.c
        query = (
            sa.select(table.branch, sa.func.min(table.at), sa.func.max(table.at))
            .where(table.state == State.WAITING)
            .group_by(table.branch)
        )
        rows = await self._do(lambda connection: connection.execute(query).all())
        return [Burst(branch=branch, oldest=first, newest=last) for branch, first, last in rows]

    async def take(self, branch: str) -> None:
        """What waits for the branch becomes one burst."""
        table = self._deliveries.c
        await self._update(
            sa.and_(table.branch == branch, table.state == State.WAITING),
            state=State.TAKEN,
            burst=f"burst:{uuid4().hex}",
        )

    async def begun(self, burst: str) -> None:
        await self._update(self._deliveries.c.burst == burst, state=State.BEGUN)

    async def cancel(self, id_: str) -> bool:
        """False when it does not wait any more."""
        table = self._deliveries.c
        where = sa.and_(table.id == id_, table.state == State.WAITING)
        return await self._update(where, state=State.CANCELLED) == 1

    async def forget(self, before: float) -> None:
        """Those that came before and whose job was begun or cancelled."""
        table = self._deliveries.c
        over = sa.and_(table.at < before, table.state.in_([State.BEGUN, State.CANCELLED]))
        change = sa.delete(self._deliveries).where(over)
        await self._do(lambda connection: connection.execute(change).rowcount)

    async def _rows(self, where: sa.ColumnElement[bool]) -> list[Stored]:
        query = sa.select(self._deliveries).where(where).order_by(self._deliveries.c.at)
        rows = await self._do(lambda connection: connection.execute(query).mappings().all())
        return [Stored(**{**row, "state": State(row["state"])}) for row in rows]

    async def _update(self, where: sa.ColumnElement[bool], **values: str) -> int:
        change = sa.update(self._deliveries).where(where).values(**values)
        return await self._do(lambda connection: connection.execute(change).rowcount)

    async def _do(self, work: Callable[[sa.Connection], T]) -> T:
        def inside() -> T:
            with self._engine.begin() as connection:
                return work(connection)

        return await asyncio.get_running_loop().run_in_executor(self._threads, inside)
