"""What a command works with: configuration, client, memory, and the readers of its events."""

from __future__ import annotations

import os
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from supasync.cli import token
from supasync.cli.screen import Screen

if TYPE_CHECKING:
    from supasync import api
    from supasync.api.limits import Waiting
    from supasync.config import Config
    from supasync.events import Event, Summary
    from supasync.history import History
    from supasync.settings import Settings
    from supasync.sync.context import Options, Run
    from supasync.sync.lifecycle.arrival import Awaited
    from supasync.sync.record import FileStore


def load(
    screen: Screen,
    file: Path | None,
    *,
    users: bool = False,
    service: bool = False,
    variables: bool = True,
) -> tuple[Config, Settings]:
    """users: whether test users are needed, and so their passwords. service: whether [serve] and
    [webhooks] are, and so their secrets. variables: False to check the file without them. Warnings
    go to stderr.

    Raises: UsageError, ConfigError.
    """
    from supasync import config
    from supasync.settings import Settings

    settings = Settings.from_env(os.environ, config=file)
    loaded = config.load(
        env=os.environ, settings=settings, users=users, service=service, variables=variables
    )
    for warning in loaded.warnings:
        screen.tell(f"Warning: {warning}")
    return loaded, settings


def production_log(config_file: Path | None, settings: Settings) -> Path:
    return settings.state_dir(config_file) / "production.log"


def open_store(config: Config, settings: Settings) -> FileStore:
    from supasync.sync.record import FileStore

    return FileStore(settings.state_dir(config.file))


def open_history(screen: Screen, config: Config, settings: Settings) -> History:
    """To be read. Warnings go to stderr."""
    from supasync import history

    return history.opened(config.history, settings.state_dir(config.file), warn(screen))


def warn(screen: Screen) -> Callable[[str], None]:
    return lambda message: screen.tell(f"Warning: {message}")


@asynccontextmanager
async def open_client(
    config: Config, settings: Settings, waiting: Waiting | None = None
) -> AsyncIterator[api.Client]:
    """Every statement it sends to production goes to a log beside the state. waiting: hears of
    waits for the rate limit; None tells them on stderr.

    Raises: UsageError when no token is given.
    """
    from supasync import api
    from supasync.sync.asked import allowed, engine

    log = api.AuditLog(
        production_log(config.file, settings),
        project=config.project.ref,
        engine=engine(),
        understand=allowed(config),
    )
    async with api.Client(
        api_url=config.project.api_url,
        token=token.get(settings, config.project.api_url),
        production_ref=config.project.ref,
        audit=log,
        waiting=waiting or _tell_wait,
    ) as client:
        yield client


async def until_ready(
    screen: Screen, name: str, client: api.Client, config: Config, awaited: Awaited | None
) -> dict[str, Any]:
    """Waits for a branch, as far as that is wanted; what there is to say of it in JSON.

    Raises: NotReady and what a probe raises.
    """
    if awaited is None:
        return {"ready": False}
    from supasync.api.clock import SystemClock
    from supasync.sync.lifecycle.arrival import arrival

    arrived = await arrival(
        name, client, config, clock=SystemClock(), tell=screen.tell, awaited=awaited
    )
    return {
        "ref": arrived.ref,
        "ready": True,
        "seconds": round(arrived.seconds, 3),
        "probes": arrived.probes,
    }


def telling(screen: Screen, *, waits: bool = False) -> Run:
    """A run of which only the notices are told, as they come. waits: also what is waited for."""
    from supasync.events import Notice, Waiting
    from supasync.sync.context import Run

    def emit(event: Event) -> None:
        match event:
            case Notice():
                screen.tell(f"{event.branch}: {event.message}")
            case Waiting() if waits:
                screen.tell(f"{event.branch}: {event.message}")
            case _:
                pass

    return Run(emit=emit)


def _tell_wait(reason: str, seconds: float) -> None:
    """To stderr, above what moves there; it may be the only sign of life for a minute."""
    print(f"Waiting {max(1, round(seconds))} s for {reason}", file=sys.stderr, flush=True)  # noqa: T201


@contextmanager
def reading(options: Options) -> Iterator[tuple[Run, Summary]]:
    """A run whose events go to the progress on stderr and into a summary."""
    from supasync import telemetry
    from supasync.events import COMMAND, Summary
    from supasync.report.progress import progress
    from supasync.sync.context import Run

    summary = Summary()
    with progress(sys.stderr) as show:

        def emit(event: Event) -> None:
            summary(event)
            show(event)

        with telemetry.traced(emit, trigger=COMMAND) as told:
            yield Run(emit=told, options=options), summary
