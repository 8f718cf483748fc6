"""The port on DBOS: jobs in an SQLite file, or in PostgreSQL when several machines serve.

Only ids, names of branches and results are stored. A delivery is a workflow by the delivery's id;
it extends its branch's burst (`Debouncer`), whose end enqueues the sync on a queue that takes one
of each branch. What was running when a process died is taken up again by the process of the same
name, from where it was; the branch's own lease is what keeps two syncs apart, whatever happens.
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import sqlalchemy
from dbos import (
    DBOS,
    DBOSConfig,
    DBOSPortableJSONSerializer,
    Debouncer,
    SetEnqueueOptions,
    SetWorkflowID,
    WorkflowStatus,
)

from supasync import files
from supasync.errors import SupasyncError, UnknownError
from supasync.service.jobs.port import Action, Job, Request, Result, Status, Trigger, Work
from supasync.sync.context import new_run_id

_FORM = "1"
"""Of the workflows below. Another one leaves what an older version began to that version."""

_SCHEMA = "supasync_jobs"
_DELIVERIES, _SYNCS = "deliveries", "syncs"
_DELIVERED, _SETTLED, _SYNC = "delivered", "settled", "sync"
_POLL_SECONDS = 0.5
HAND_BACK_SECONDS = 5.0
"""With what surrounds it, the service stops within ten."""

_BURSTS = 6
"""A burst that does not end is cut after so many times the quiet that ends it."""

_STATUS = {
    "DELAYED": Status.WAITING,
    "ENQUEUED": Status.WAITING,
    "PENDING": Status.RUNNING,
    "SUCCESS": Status.ENDED,
    "CANCELLED": Status.CANCELLED,
}
_OPEN = ["DELAYED", "ENQUEUED", "PENDING"]


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where jobs are kept. url: of PostgreSQL; None for `file`. name: of this process, unique
    among those that share the database and the same after a restart."""

    file: Path
    name: str
    url: str | None = None


class DurableJobs:
    """See port.Jobs. There is one in a process."""

    def __init__(self, work: Work, *, debounce: float) -> None:
        self._running: set[asyncio.Task[Any]] = set()
        self._closing = False

        @DBOS.step(name="run id")
        async def identify() -> str:
            return new_run_id()

        @DBOS.step(name="work")
        async def do(request: Request, run_id: str) -> dict[str, Any]:
            with self._interruptible():
                return asdict(await work(request, run_id))

        @DBOS.workflow(name=_SYNC, max_recovery_attempts=None)
        async def sync(branch: str, trigger: str, action: str = Action.SYNC) -> dict[str, Any]:
            request = Request(branch=branch, trigger=Trigger(trigger), action=Action(action))
            return await do(request, await identify())

        @DBOS.workflow(name=_SETTLED, max_recovery_attempts=None)
        async def settled(branch: str, trigger: str) -> str:
            with SetEnqueueOptions(queue_partition_key=branch):
                handle = await DBOS.enqueue_workflow_async(_SYNCS, sync, branch, trigger)
            return handle.workflow_id

        burst = Debouncer.create_async(settled, debounce_timeout_sec=debounce * _BURSTS or None)

        @DBOS.workflow(name=_DELIVERED, max_recovery_attempts=None)
        async def delivered(branch: str, trigger: str) -> str:
            handle = await burst.debounce_async(branch, debounce, branch, trigger)
            return handle.workflow_id

        self._sync, self._delivered = sync, delivered

    async def enqueue(self, id_: str, request: Request) -> None:
        with SetWorkflowID(id_), SetEnqueueOptions(queue_partition_key=request.branch):
            await DBOS.enqueue_workflow_async(
                _SYNCS, self._sync, request.branch, str(request.trigger), str(request.action)
            )

    async def schedule(self, id_: str, request: Request) -> None:
        with SetWorkflowID(id_):
            await DBOS.enqueue_workflow_async(
                _DELIVERIES, self._delivered, request.branch, str(request.trigger)
            )

    async def status(self, id_: str) -> Job | None:
        found = await self._current(id_)
        return None if found is None else _job(id_, found)

    async def cancel(self, id_: str) -> bool:
        found = await self._current(id_)
        if found is None or found.status not in {"DELAYED", "ENQUEUED"}:
            return False
        await DBOS.cancel_workflow_async(found.workflow_id)
        return True

    async def open(self) -> list[Job]:
        names = [_DELIVERED, _SETTLED, _SYNC]
        found = await DBOS.list_workflows_async(name=names, status=list(_OPEN))
        return _jobs(found)

    async def of(self, prefix: str) -> list[Job]:
        found = await DBOS.list_workflows_async(workflow_id_prefix=prefix, has_parent=False)
        return _jobs(found)

    async def hand_back(self) -> None:
        """Begins no work any more and interrupts what runs: it stays begun, and the next process of
        this name takes it up. It has a while to learn what came of its last write."""
        self._closing = True
        for patience in (HAND_BACK_SECONDS, 1.0):
            running = set(self._running)
            for task in running:
                task.cancel()
            if running:
                await asyncio.wait(running, timeout=patience)

    @contextmanager
    def _interruptible(self) -> Iterator[None]:
        task = asyncio.current_task()
        if self._closing or task is None:
            raise asyncio.CancelledError  # dequeued in the last moment
        self._running.add(task)
        try:
            yield
        finally:
            self._running.discard(task)

    async def _current(self, id_: str) -> WorkflowStatus | None:
        """The workflow that a job is by now: a delivery, its burst, the burst's sync."""
        found = await DBOS.get_workflow_status_async(id_)
        while found is not None and found.status == "SUCCESS" and found.name != _SYNC:
            found = await DBOS.get_workflow_status_async(str(found.output))
        return found


@asynccontextmanager
async def opened(work: Work, place: Place, *, debounce: float) -> AsyncIterator[DurableJobs]:
    """Jobs that run as long as the context is open; those of an earlier process are taken up again.

    Workflows run in this event loop. At the end what runs is handed back.
    Raises: UnknownError when the database is not there.
    """
    engine = _engine(place)
    logger = logging.getLogger("dbos")
    if not logger.handlers:  # else it makes one that writes in its own form
        logger.addHandler(logging.NullHandler())
    logger.propagate = True
    DBOS(config=_config(place, engine))
    try:
        jobs = DurableJobs(work, debounce=debounce)
        try:
            DBOS.launch()
            await DBOS.register_queue_async(_DELIVERIES, polling_interval_sec=_POLL_SECONDS)
            await DBOS.register_queue_async(
                _SYNCS, partition_concurrency=1, polling_interval_sec=_POLL_SECONDS
            )
        except (sqlalchemy.exc.SQLAlchemyError, OSError) as error:
            raise _unusable(place, error) from error
        try:
            yield jobs
        finally:
            await jobs.hand_back()
    finally:
        # what it waits for runs in this loop
        await asyncio.to_thread(DBOS.destroy, destroy_registry=True)
        if engine is not None:
            engine.dispose()


def _config(place: Place, engine: sqlalchemy.Engine | None) -> DBOSConfig:
    config: DBOSConfig = {
        "name": "supasync",
        "system_database_url": place.url or f"sqlite:///{place.file}",
        "dbos_system_schema": _SCHEMA,
        "application_version": _FORM,
        "executor_id": place.name,
        "log_level": "WARNING",
        "serializer": DBOSPortableJSONSerializer(),
    }
    if engine is not None:
        config["system_database_engine"] = engine
    return config


def _engine(place: Place) -> sqlalchemy.Engine | None:
    """SQLite with a write-ahead log: a stored job costs milliseconds and outlives the process."""
    if place.url is not None:
        return None
    try:
        files.make_folder(place.file.parent)
        os.close(files.open_to_append(place.file))  # readable by its owner alone
    except OSError as error:
        raise _unusable(place, error) from error
    engine = sqlalchemy.create_engine(f"sqlite:///{place.file}")

    @sqlalchemy.event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: object) -> None:
        connection.isolation_level = "IMMEDIATE"
        for pragma in ("busy_timeout=30000", "journal_mode=WAL", "synchronous=NORMAL"):
            connection.execute(f"pragma {pragma}")
        connection.execute("pragma foreign_keys=ON")

    return engine


def _unusable(place: Place, error: Exception) -> SupasyncError:
    where = "the database of [serve] database_url" if place.url else str(place.file)
    return UnknownError(
        f"The jobs cannot be kept in {where}: {type(error).__name__}",
        remedy="See that it can be reached and written, or name another one.",
    )


def _jobs(found: Sequence[WorkflowStatus]) -> list[Job]:
    return [_job(each.workflow_id, each) for each in found]


def _job(id_: str, found: WorkflowStatus) -> Job:
    status = _STATUS.get(str(found.status), Status.LOST)
    if found.name != _SYNC and status is Status.RUNNING:
        status = Status.WAITING  # on its way to become a sync
    arguments = list((found.input or {"args": ()})["args"])
    branch, trigger, *action = arguments if len(arguments) >= 2 else ("", "")
    return Job(
        id=id_,
        status=status,
        created=(found.created_at or 0) / 1000,
        branch=branch,
        trigger=trigger,
        action=action[0] if action else Action.SYNC,
        ended=found.completed_at / 1000 if found.completed_at else None,
        result=Result(**found.output) if status is Status.ENDED and found.output else None,
    )
