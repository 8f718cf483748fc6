"""Any two databases: compared, or the target made equal to the source."""

from __future__ import annotations

import asyncio
import logging
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from supasync import catalog
from supasync.errors import ProductionGuard
from supasync.events import ApiCalls, RunFinished, RunStarted
from supasync.ports import Store
from supasync.sync import ends, identity, names
from supasync.sync.bookkeeping.lease import Lease
from supasync.sync.context import Run
from supasync.sync.counted import Counted, CountedWritable
from supasync.sync.ends import End
from supasync.sync.outcome import Outcome
from supasync.sync.reconcile import Reconciler
from supasync.sync.record import Memory
from supasync.sync.source import Source

if TYPE_CHECKING:
    from supasync import api

logger = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """scope: supabase or all. keep: the seed function that lives on branches only.
    client: whose requests are counted, and which knows production; None when there is no
    configuration to say what production is, or both ends are URLs that are only read."""

    run: Run
    source: End
    target: End
    scope: str
    write: bool
    store: Store
    keep: str | None = None
    client: api.Client | None = None


async def run_comparison(job: Comparison) -> int:
    """Does the job. Returns the exit code; an error is told as an event."""
    run, name, started = job.run, job.target.database.name, time.monotonic()
    run.emit(
        RunStarted(
            run_id=run.id,
            command="schema sync" if job.write else "schema diff",
            source=job.source.database.name,
            branches=(name,),
            dry_run=run.options.dry_run,
            at=time.time(),
        )
    )
    outcome = Outcome(name)
    outcome.ref = job.target.key
    target = _target(job)
    try:
        async with ends.opened(job.source, job.target):
            await _carry_out(job, target, outcome)
        outcome.sql_calls = target.calls
        finished = outcome.succeeded(code=0 if job.write else 1)
    except Exception as error:
        logger.debug("the comparison failed", exc_info=True)
        outcome.sql_calls = target.calls
        finished = outcome.failed(error, schema=True)
    except asyncio.CancelledError:
        run.emit(outcome.interrupted(schema=True))
        raise
    run.emit(finished)
    run.emit(ApiCalls(calls=dict(job.client.calls) if job.client else {}))
    seconds, code = time.monotonic() - started, finished.code
    run.emit(RunFinished(run_id=run.id, seconds=seconds, exit_code=code, at=time.time()))
    return code


def _target(job: Comparison) -> Counted:
    if job.write and job.target.writable is not None:
        return CountedWritable(job.target.writable)
    return Counted(job.target.database)


async def _carry_out(job: Comparison, target: Counted, outcome: Outcome) -> None:
    keep = names.kept(job.keep)
    scope = catalog.scope("all" if job.scope == "all" else "supabase", keep_functions=keep)
    memory = Memory(job.store, scope=" ".join([job.scope, *keep]), hard=job.run.options.hard)
    server = await _told_apart(job)
    source = Source(job.run, Counted(job.source.database), scope, memory, key=job.source.key)
    reconciler = Reconciler(job.run, source, target, scope, memory, key=job.target.key)
    try:
        await _reconcile(job, reconciler, target, outcome, server)
    finally:
        await source.reading.aclose()


async def _reconcile(
    job: Comparison, reconciler: Reconciler, target: Counted, outcome: Outcome, server: str | None
) -> None:
    planned = await reconciler.plan()
    outcome.equal = planned.equal
    if outcome.equal or not job.write or job.run.options.dry_run:
        reconciler.foresee(planned, job.target.policy)
        return
    if not isinstance(target, CountedWritable):
        raise ProductionGuard(f"{target.name} can only be read")
    reconciler.guard(planned, job.target.policy)
    if job.target.leased:
        async with Lease(target, job.run) as lease:
            await reconciler.apply(planned, target, lease, job.target.policy)
    else:
        await reconciler.apply_bare(planned, target, server=server)
    outcome.equal = outcome.changed = True


async def _told_apart(job: Comparison) -> str | None:
    """The target's server, which is not production's; None when nothing unknown is written.

    A branch is known by its ref; a URL says nothing about which server it leads to.
    Raises: ProductionGuard, Refused, UnknownError.
    """
    if not job.write or job.target.leased or job.client is None:
        return None
    return await identity.told_apart(job.target.database, job.client.production)
