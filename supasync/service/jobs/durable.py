"""The port on DBOS: jobs in an SQLite file, or in PostgreSQL when several machines serve.

Only ids, names of branches and results are stored. Deliveries wait in the inbox beside the engine's
tables; a burst's end enqueues a sync on a queue that takes one of each branch. What was running
when a process died is taken up again by the process of the same name, from where it was; the
branch's own lease is what keeps two syncs apart, whatever happens.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import sqlalchemy
from dbos import (
    DBOS,
    DBOSClient,
    DBOSConfig,
    DBOSPortableJSONSerializer,
    SetEnqueueOptions,
    SetWorkflowID,
    WorkflowStatus,
)

from supasync.errors import Refused, UnknownError, UsageError
from supasync.service.jobs import database
from supasync.service.jobs.database import Place
from supasync.service.jobs.inbox import Inbox, State, Stored
from supasync.service.jobs.machines import GONE_SECONDS, Machines
from supasync.service.jobs.port import Action, Job, Request, Result, Status, Trigger, Work
from supasync.service.tasks import running
from supasync.sync.context import new_run_id

logger = logging.getLogger(__name__)

_APPLICATION = "supasync"
_FORM = "1"
"""Of the workflow below. Another one leaves what an older version began to that version."""

_SYNCS = "syncs"
_SYNC = "sync"
_POLL_SECONDS = 0.5
HAND_BACK_SECONDS = 3.0
"""With what surrounds it, the service stops within ten."""

_BURSTS = 6
"""A burst that does not end is cut after so many times the quiet that ends it."""

_ROUND_SECONDS = 0.1
_SWEEP_SECONDS = 10.0
"""How long a delivery may lie that another process has stored and not lived to take."""

_STATUS = {
    "DELAYED": Status.WAITING,
    "ENQUEUED": Status.WAITING,
    "PENDING": Status.RUNNING,
    "SUCCESS": Status.ENDED,
    "CANCELLED": Status.CANCELLED,
}
_OPEN = ["DELAYED", "ENQUEUED", "PENDING"]
_OVER = ["SUCCESS", "CANCELLED", "ERROR", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"]
_ENDED = ["SUCCESS"]
_ENDED_AT_ONCE = 1000
_FORGOTTEN_AT_ONCE = 500


class DurableJobs:
    """See port.Jobs. There is one in a process."""

    def __init__(self, work: Work, inbox: Inbox, *, debounce: float) -> None:
        self._inbox, self._debounce = inbox, debounce
        self._came = asyncio.Event()
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

        self._sync = sync

    async def enqueue(self, id_: str, request: Request) -> None:
        with SetWorkflowID(id_), SetEnqueueOptions(queue_partition_key=request.branch):
            await DBOS.enqueue_workflow_async(
                _SYNCS, self._sync, request.branch, str(request.trigger), str(request.action)
            )

    async def schedule(self, id_: str, request: Request) -> bool:
        trigger = str(request.trigger)
        try:
            stored = await self._inbox.put(
                Stored(id=id_, branch=request.branch, trigger=trigger, at=time.time())
            )
        except sqlalchemy.exc.SQLAlchemyError as error:
            raise UnknownError(f"a job could not be stored: {type(error).__name__}") from error
        self._came.set()
        return stored

    async def status(self, id_: str) -> Job | None:
        delivery = await self._inbox.find(id_)
        found = await self._workflow(id_, delivery)
        if found is not None:
            return _job(id_, found)
        return None if delivery is None else _of_delivery(delivery)

    async def cancel(self, id_: str) -> bool:
        if await self._inbox.cancel(id_):
            return True
        found = await self._workflow(id_, await self._inbox.find(id_))
        if found is None or found.status not in {"DELAYED", "ENQUEUED"}:
            return False
        await DBOS.cancel_workflow_async(found.workflow_id)
        return True

    async def open(self) -> list[Job]:
        waiting = await self._inbox.newest(State.WAITING, State.TAKEN)
        begun = _jobs(await DBOS.list_workflows_async(name=_SYNC, status=list(_OPEN)))
        known = {job.id for job in begun}  # of which some may have begun between the two
        return [_of_delivery(each) for each in waiting if each.burst not in known] + begun

    async def of(self, prefix: str) -> list[Job]:
        return _jobs(await DBOS.list_workflows_async(workflow_id_prefix=prefix))

    async def ended(self, since: float) -> list[Job]:
        return _jobs(
            await DBOS.list_workflows_async(
                name=_SYNC,
                status=list(_ENDED),
                completed_after=datetime.fromtimestamp(max(since, 0.0), UTC).isoformat(),
                sort_desc=True,
                limit=_ENDED_AT_ONCE,
            )
        )

    async def forget(self, before: float) -> None:
        await self._inbox.forget(before)
        end = datetime.fromtimestamp(before, UTC).isoformat()
        while found := await DBOS.list_workflows_async(
            status=list(_OVER),
            end_time=end,
            limit=_FORGOTTEN_AT_ONCE,
            load_input=False,
            load_output=False,
        ):
            await DBOS.delete_workflows_async([each.workflow_id for each in found])

    async def gather(self) -> None:
        """Makes jobs of bursts that are over, until it is cancelled."""
        while True:
            try:
                pause = await self._gathered()
            except Exception:  # whatever the database's driver raises: what waits is still there
                logger.exception("the deliveries that wait could not be read")
                pause = _SWEEP_SECONDS
            with suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._came.wait()
            self._came.clear()
            await asyncio.sleep(_ROUND_SECONDS)

    async def _gathered(self) -> float:
        """Seconds until the next burst may be over."""
        pause = _SWEEP_SECONDS
        bursts = await self._inbox.bursts()
        now = time.time()  # not before they were read: one may just have come
        for burst in bursts:
            left = burst.pause(now, quiet=self._debounce, longest=self._debounce * _BURSTS)
            if left > 0:
                pause = min(pause, left)
            else:
                await self._inbox.take(burst.branch)
        for delivery in await self._inbox.newest(State.TAKEN):
            if delivery.burst is not None:
                request = Request(branch=delivery.branch, trigger=Trigger(delivery.trigger))
                await self.enqueue(delivery.burst, request)
                await self._inbox.begun(delivery.burst)
        return pause

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

    async def _workflow(self, id_: str, delivery: Stored | None) -> WorkflowStatus | None:
        """The sync that a job is by now."""
        if delivery is None:
            return await DBOS.get_workflow_status_async(id_)
        return await DBOS.get_workflow_status_async(delivery.burst) if delivery.burst else None


@asynccontextmanager
async def opened(work: Work, place: Place, *, debounce: float) -> AsyncIterator[DurableJobs]:
    """Jobs that run as long as the context is open; those of an earlier process are taken up again.

    Workflows run in this event loop. At the end what runs is handed back.
    Raises: UnknownError when the database is not there.
    """
    engine = None
    if place.url is None:
        database.make_file(place)
        engine = database.sqlite(place.file, "NORMAL")
    _log_as_we_do()
    DBOS(config=_config(place, engine))
    # NORMAL is enough above: a burst's job is on the disk once the inbox has noted it as begun
    store = database.postgres(place.url) if place.url else database.sqlite(place.file, "FULL")
    inbox = Inbox(store)
    try:
        jobs = DurableJobs(work, inbox, debounce=debounce)
        try:
            DBOS.launch()
            await inbox.prepare()
            await DBOS.register_queue_async(
                _SYNCS, partition_concurrency=1, polling_interval_sec=_POLL_SECONDS
            )
        except (sqlalchemy.exc.SQLAlchemyError, OSError) as error:
            raise place.unusable(error) from error
        try:
            async with running(jobs.gather()), _there(Machines(store), place):
                yield jobs
        finally:
            await jobs.hand_back()
            if place.url is not None:
                with suppress(sqlalchemy.exc.SQLAlchemyError):
                    await asyncio.to_thread(Machines(store).leave, place.name)
    finally:
        # what it waits for runs in this loop
        await asyncio.to_thread(DBOS.destroy, destroy_registry=True)
        await inbox.aclose()
        if engine is not None:
            engine.dispose()


@asynccontextmanager
async def _there(machines: Machines, place: Place) -> AsyncIterator[None]:
    """This machine is known as one that lives, as long as the context is open."""
    if place.url is None:  # no other one shares these jobs
        yield
        return
    try:
        await asyncio.to_thread(machines.prepare)
        await asyncio.to_thread(machines.beat, place.name)
    except sqlalchemy.exc.SQLAlchemyError as error:
        raise place.unusable(error) from error
    async with running(machines.keep(place.name)):
        yield


def take_over(place: Place, name: str) -> list[str]:
    """The jobs that ran on the machine `name`, which is gone, wait again: any machine takes them,
    and their runs go on under their own ids. Returns their branches. It blocks.

    Raises: UsageError when there is no such job, Refused when the machine lives, UnknownError.
    """
    if place.url is None:
        raise UsageError(
            "The jobs are in a file of this machine's own; no other one has any",
            remedy="Machines share jobs by [serve] database_url.",
        )
    _log_as_we_do()
    engine = database.postgres(place.url)
    try:
        age = Machines(engine).age(name)
        if age is not None and age < GONE_SECONDS:
            raise Refused(
                f"The machine {name} lives: it was there {age:.0f} s ago",
                remedy=f"Stop it, or wait until it was not there for {GONE_SECONDS:.0f} s.",
            )
        return _let_wait(engine, name)
    except sqlalchemy.exc.SQLAlchemyError as error:
        raise place.unusable(error) from error
    finally:
        engine.dispose()


def _let_wait(engine: sqlalchemy.Engine, name: str) -> list[str]:
    """What the engine does at a start with the jobs of its own name."""
    client = DBOSClient(
        system_database_engine=engine,
        dbos_system_schema=database.SCHEMA,
        serializer=DBOSPortableJSONSerializer(),
        application_name=_APPLICATION,
        retry_connection_errors=False,
    )
    try:
        found = client.list_workflows(name=_SYNC, status="PENDING", app_version=_FORM)
        theirs = [each for each in found if each.executor_id == name]
        if not theirs:
            others = ", ".join(sorted({str(each.executor_id) for each in found}))
            raise UsageError(
                f"No job runs on a machine {name}",
                remedy=f"Jobs run on {others}." if others else "No job runs on any machine.",
            )
        for each in theirs:
            client._sys_db.reenqueue_for_recovery(each.workflow_id, [name], _SYNCS)  # noqa: SLF001
        return sorted(job.branch for job in _jobs(theirs))
    finally:
        client.destroy()


def _log_as_we_do() -> None:
    """Else the engine makes a handler that writes in its own form."""
    logger = logging.getLogger("dbos")
    if not logger.handlers:
        logger.addHandler(logging.NullHandler())
    logger.propagate = True


def _config(place: Place, engine: sqlalchemy.Engine | None) -> DBOSConfig:
    config: DBOSConfig = {
        "name": _APPLICATION,
        "system_database_url": place.url or f"sqlite:///{place.file}",
        "dbos_system_schema": database.SCHEMA,
        "application_version": _FORM,
        "executor_id": place.name,
        "log_level": "WARNING",
        "serializer": DBOSPortableJSONSerializer(),
    }
    if engine is not None:
        config["system_database_engine"] = engine
    return config


def _jobs(found: Sequence[WorkflowStatus]) -> list[Job]:
    return [_job(each.workflow_id, each) for each in found]


def _of_delivery(delivery: Stored) -> Job:
    """One of which there is no sync."""
    status = {State.CANCELLED: Status.CANCELLED, State.BEGUN: Status.LOST}
    return Job(
        id=delivery.id,
        status=status.get(delivery.state, Status.WAITING),
        created=delivery.at,
        branch=delivery.branch,
        trigger=delivery.trigger,
    )


def _job(id_: str, found: WorkflowStatus) -> Job:
    status = _STATUS.get(str(found.status), Status.LOST)
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
