"""Runs and the history: what a run tells of itself, and where it is told."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from supasync import history
from supasync.config import Config
from supasync.errors import UnknownError, UsageError
from supasync.events import LastSync, Summary
from supasync.history import Begun, History
from supasync.ports import Database
from supasync.sync import identity
from supasync.sync.context import Run
from supasync.sync.job import Job


def begun(run: Run, job: Job, branches: Sequence[str], *, trigger: str) -> Begun:
    return Begun(
        id=run.id,
        command=job.command,
        branches=tuple(branches),
        at=time.time(),
        trigger=trigger,
        by=run.holder,
        source=job.source,
        dry_run=run.options.dry_run,
    )


def misnamed(summary: Summary, config: Config) -> tuple[str, ...]:
    """Names of a run that are neither configured nor a branch of the project's."""
    return tuple(
        name
        for name, branch in summary.branches.items()
        if (done := branch.finished) is not None
        and (done.code, done.ref) == (UsageError.exit_code, "")
        and name not in {*config.branches, *config.remotes}
    )


async def writable(
    config: Config, folder: Path, production: Database, tell: Callable[[str], None]
) -> History:
    """The history, which is nowhere on production's server. folder: of the state.

    Raises: ProductionGuard, Refused for a standby, UnknownError and SqlError when the server that
    the configuration names does not answer.
    """
    opened = history.opened(config.history, folder, tell)
    url = config.history.database_url
    if url is not None:
        from supasync import direct  # noqa: PLC0415 -- psycopg, which a file needs not

        async with direct.Database(url.get_secret_value()) as database:
            await identity.told_apart(database, production)
    return opened


def last_syncs(known: History, tell: Callable[[str], None]) -> Mapping[str, LastSync]:
    """By branch; nothing when the history cannot be read, which is told."""
    try:
        return known.last_syncs()
    except UnknownError as error:
        tell(error.message)
        return {}
