"""`supasync watch`: what differs is seen, and synced, without a server."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from supasync.cli import options, session
from supasync.cli.running import finish
from supasync.cli.screen import Screen

if TYPE_CHECKING:
    from supasync import api
    from supasync.config import Config
    from supasync.service.board import Finding
    from supasync.service.jobs.direct import DirectJobs
    from supasync.service.watch import Watch
    from supasync.sync.record import FileStore


def watch(
    *,
    once: Annotated[
        bool, typer.Option("--once", help="Look once, sync what is to be synced, and end.")
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print each event as one JSON object on one line.")
    ] = False,
    config: options.ConfigFile = None,
    debug: options.Debug = False,
) -> None:
    """Look at production and the branches every [watch] interval, and sync what differs.

    A branch with auto_sync_schema = false is only reported.

    With --once the exit code is 0: all in sync, 1: some are not, 3: could not know.
    """
    screen = Screen(as_json=as_json, debug=debug)

    async def work() -> int:
        from supasync import telemetry
        from supasync.service import logs
        from supasync.sync import pipeline

        loaded, settings = session.load(screen, config, users=True)
        pipeline.targets((), loaded)  # an error when there is none
        logs.write_to(sys.stdout, as_json=as_json)
        telemetry.begin(logs.warn)
        async with session.open_client(loaded, settings, logs.waiting) as client:
            watching, jobs = await _made(loaded, client, session.open_store(loaded, settings))
            try:
                return await _look(watching, jobs, once=once)
            finally:
                await jobs.aclose()

    finish(screen, work)


async def _made(config: Config, client: api.Client, store: FileStore) -> tuple[Watch, DirectJobs]:
    from supasync.api.clock import SystemClock
    from supasync.service import logs
    from supasync.service.board import of_config
    from supasync.service.detect import Detector
    from supasync.service.jobs.direct import DirectJobs
    from supasync.service.watch import Watch
    from supasync.service.worker import Worker
    from supasync.sync.recorded import last_syncs, writable

    history = await writable(config, store.folder, client.production, logs.warn)
    clock, board = SystemClock(), of_config(config, last_syncs(history, logs.warn))
    worker = Worker(
        client=client, config=config, store=store, history=history, clock=clock, board=board
    )
    jobs = DirectJobs(worker, clock)
    watching = Watch(
        client=client,
        config=config,
        detector=Detector(client, config, store, clock),
        board=board,
        queue=jobs,
        clock=clock,
        synced=lambda: last_syncs(history, logs.warn),
    )
    return watching, jobs


async def _look(watching: Watch, jobs: DirectJobs, *, once: bool) -> int:
    if not once:
        await watching.run()
    findings = await watching.once()
    if await jobs.open():
        await jobs.settled()
        findings = await watching.once()
        await jobs.settled()
    return _code(findings)


def _code(findings: list[Finding]) -> int:
    from supasync.errors import UnknownError
    from supasync.events import Verdict

    verdicts = {finding.verdict for finding in findings}
    if Verdict.UNKNOWN in verdicts:
        return UnknownError.exit_code
    return 1 if Verdict.OUT_OF_SYNC in verdicts else 0
