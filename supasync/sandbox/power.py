"""Pausing and restoring: the data stays, the server does not run."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Final

import psycopg

from supasync.sandbox.instance import Instance
from supasync.sandbox.records import Record
from supasync.sandbox.registry import Registry

BUILT: Final = frozenset({"FUNCTIONS_DEPLOYED", "MIGRATIONS_FAILED"})
OTHERS: Final = """select count(*) from pg_stat_activity
    where backend_type = 'client backend' and pid <> pg_backend_pid()"""


async def pause(registry: Registry, instance: Instance) -> None:
    instance.record.project_status = "INACTIVE"
    await asyncio.to_thread(instance.cluster.stop)
    registry.save()


async def restore(registry: Registry, instance: Instance) -> None:
    await asyncio.to_thread(instance.cluster.start)
    instance.use()
    instance.record.project_status = "ACTIVE_HEALTHY"
    registry.save()


@dataclass(frozen=True)
class IdlePauses:
    """Pauses branches that nobody used for so long, as the platform does with preview branches.

    Production and persistent branches run on. What is connected directly uses the branch too.
    """

    registry: Registry
    seconds: float

    async def watch(self) -> None:
        """Until cancelled."""
        clock = self.registry.clock
        while True:
            due = [each.used + self.seconds - clock.monotonic() for each in self._candidates()]
            # A new one is not due before all of the time has passed.
            await clock.sleep(max(0.0, min(due, default=self.seconds)))
            for instance in self._candidates():
                if clock.monotonic() - instance.used >= self.seconds:
                    await self._pause(instance)

    async def _pause(self, instance: Instance) -> None:
        if await asyncio.to_thread(_is_in_use, instance):
            instance.use()
        elif self._may_pause(instance.record):
            await pause(self.registry, instance)

    def _candidates(self) -> list[Instance]:
        return [
            instance
            for instance in self.registry.instances.values()
            if self._may_pause(instance.record)
        ]

    def _may_pause(self, record: Record) -> bool:
        return (
            not (record.is_default or record.persistent)
            and record.project_status == "ACTIVE_HEALTHY"
            and record.status in BUILT
        )


def _is_in_use(instance: Instance) -> bool:
    """Whether a program is connected; a server that does not answer is looked at again later."""
    try:
        with psycopg.connect(instance.admin_url, connect_timeout=15) as connection:
            row = connection.execute(OTHERS).fetchone()
    except psycopg.OperationalError:
        return True
    return row is not None and row[0] > 0
