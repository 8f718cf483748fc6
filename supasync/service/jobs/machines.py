"""The machines that share the jobs, and when each was last there: nobody takes the jobs of one that
lives. Times are the database's."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from supasync.service.jobs import database

T = TypeVar("T")

logger = logging.getLogger(__name__)

GONE_SECONDS = 60.0
"""After which a machine that was not there any more counts as gone."""

_BEAT_SECONDS = 10.0


class Machines:
    """In the PostgreSQL of the jobs. Every method but `keep` is one transaction, and blocks.
    Raises: sqlalchemy's errors."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._machines = sa.Table(
            "machines",
            sa.MetaData(schema=database.SCHEMA),
            sa.Column("name", sa.Text, primary_key=True),
            sa.Column("seen", sa.Double, nullable=False),
        )

    def prepare(self) -> None:
        self._do(lambda connection: database.make(connection, self._machines.metadata))

    async def keep(self, name: str) -> None:
        """Notes again and again that this machine is there, until it is cancelled."""
        while True:
            try:
                await asyncio.to_thread(self.beat, name)
            except sa.exc.SQLAlchemyError as error:
                facts = {"reason": type(error).__name__}
                logger.warning("it could not be noted that this machine is there", extra=facts)
            await asyncio.sleep(_BEAT_SECONDS)

    def beat(self, name: str) -> None:
        insert = postgresql.insert(self._machines).values(name=name, seen=_now())
        change = insert.on_conflict_do_update(index_elements=["name"], set_={"seen": _now()})
        self._do(lambda connection: connection.execute(change))

    def leave(self, name: str) -> None:
        """It stops in order: from now on it is gone."""
        change = sa.delete(self._machines).where(self._machines.c.name == name)
        self._do(lambda connection: connection.execute(change))

    def age(self, name: str) -> float | None:
        """Seconds since it was there; None when it was never, or has stopped in order."""
        query = sa.select(_now() - self._machines.c.seen).where(self._machines.c.name == name)

        def read(connection: sa.Connection) -> float | None:
            if not sa.inspect(connection).has_table("machines", schema=database.SCHEMA):
                return None  # all that serve are of an older version
            return connection.execute(query).scalar()

        return self._do(read)

    def _do(self, work: Callable[[sa.Connection], T]) -> T:
        with self._engine.begin() as connection:
            return work(connection)


def _now() -> sa.ColumnElement[float]:
    return sa.cast(sa.extract("epoch", sa.func.clock_timestamp()), sa.Double)
