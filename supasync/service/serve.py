"""All of the service put together, brought up and taken down."""

from __future__ import annotations

import asyncio
import fcntl
import gc
import hashlib
import logging
import os
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from pathlib import Path

from pydantic import SecretStr

from supasync import api, direct, files
from supasync.config import Config, Serve
from supasync.errors import UsageError
from supasync.ports import Clock
from supasync.service import app, listen, logs, retention, token
from supasync.service.board import of_config
from supasync.service.detect import Detector
from supasync.service.directory import Directory
from supasync.service.edge import Edge
from supasync.service.jobs import durable
from supasync.service.jobs.database import Place
from supasync.service.metrics import Metrics
from supasync.service.notify import sending
from supasync.service.notify.news import News
from supasync.service.page.plans import Plans
from supasync.service.page.routes import routes
from supasync.service.page.site import Site
from supasync.service.progress import Progress
from supasync.service.receive import Reception
from supasync.service.tasks import running
from supasync.service.throttle import Throttle
from supasync.service.token import Token
from supasync.service.watch import Watch
from supasync.service.worker import Worker
from supasync.sync import identity, pipeline
from supasync.sync.record import FileStore
from supasync.sync.recorded import last_syncs, writable

logger = logging.getLogger(__name__)


@asynccontextmanager
async def serving(
    config: Config,
    client: api.Client,
    store: FileStore,
    clock: Clock,
    *,
    given: SecretStr | None = None,
) -> AsyncIterator[Token]:
    """The service, as long as the context is open; the API's token. given: the token, if the
    environment has one.

    At the end what runs is interrupted and handed back: the next start takes it up.
    Raises: UsageError, UnknownError, ProductionGuard.
    """
    pipeline.targets((), config)  # an error when there is none
    at = config.serve
    with _alone(store.folder), listen.bind(at.host, at.port) as listening:
        admitted = token.opened(store.folder, given)
        place = await _place(config, client, store.folder)
        async with (
            _site(config, client, store, clock, place=place, admitted=admitted) as site,
            listen.serving(_guarded(site, at), listening, at.trusted_proxies),
        ):
            gc.freeze()  # to look through all that is loaded holds up answers for 0.1 s
            logger.info("serving", extra={"address": _address(listening)})
            yield admitted
            logger.info("stopping: what runs is handed back to the next start")
            site.progress.close()


@asynccontextmanager
async def _site(
    config: Config,
    client: api.Client,
    store: FileStore,
    clock: Clock,
    *,
    place: Place,
    admitted: Token,
) -> AsyncIterator[Site]:
    """All that works behind the routes, at work."""
    past = await writable(config, store.folder, client.production, logs.warn)
    board = of_config(config, await asyncio.to_thread(last_syncs, past, logs.warn))
    progress, metrics = Progress(), Metrics(board, client)
    directory = Directory(client, config, clock)
    async with AsyncExitStack() as stack:
        enter = stack.enter_async_context
        plans = await enter(Plans.opened(config, client, store))
        notifications = await enter(sending.opened(config, clock))
        news = News(notifications.tell, store, clock)
        worker = Worker(
            client=client,
            config=config,
            store=store,
            history=past,
            clock=clock,
            board=board,
            progress=progress,
            ran=(metrics.ran, news.ran),
        )
        jobs = await enter(durable.opened(worker, place, debounce=config.serve.debounce))
        detector = Detector(client, config, store, clock)
        watch = Watch(
            client=client, config=config, detector=detector, board=board, queue=jobs, clock=clock,
            learned=directory.learn, seen=news.seen, synced=lambda: last_syncs(past, logs.warn),
        )  # fmt: skip
        await enter(running(retention.keep(jobs, config.serve.job_days, clock)))
        looking = await enter(running(watch.run()))
        parts = app.Parts(
            reception=Reception(settings=config.webhooks, directory=directory, jobs=jobs),
            board=board,
            jobs=jobs,
            token=admitted,
            clock=clock,
            alive=lambda: not looking.done(),
            metrics=metrics,
        )
        yield Site(parts=parts, progress=progress, history=past, plans=plans)


def _guarded(site: Site, settings: Serve) -> Edge:
    clock = site.parts.clock
    return Edge(
        app.application(site.parts, routes(site)),
        webhooks=Throttle(settings.webhook_rate, clock),
        others=Throttle(settings.api_rate, clock),
        clock=clock,
    )


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Of all processes on this machine one serves from a folder. Raises: UsageError."""
    try:
        files.make_folder(folder)
        handle = files.open_to_append(folder / "serve.lock")
    except OSError as error:
        raise UsageError(
            f"{folder} cannot be written: {error.strerror}",
            remedy="Name another folder with SUPASYNC_STATE_DIR.",
        ) from error
    try:
        _lock(handle, folder)
        yield
    finally:
        os.close(handle)


def _lock(handle: int, folder: Path) -> None:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise UsageError(
            f"another `supasync serve` runs with the folder {folder}",
            remedy="Stop it, or name another folder with SUPASYNC_STATE_DIR.",
        ) from None


async def _place(config: Config, client: api.Client, folder: Path) -> Place:
    """Where the jobs are kept, which is nowhere on production's server."""
    given = config.serve.database_url
    url = given.get_secret_value() if given else None
    if url is not None:
        async with direct.Database(url) as database:
            await identity.told_apart(database, client.production)
    name = config.serve.name or _name(folder)
    return Place(file=folder / "jobs.sqlite", name=name, url=url)


def _name(folder: Path) -> str:
    """Of this process among those that share a database; the same after a restart."""
    of_folder = hashlib.sha256(str(folder.absolute()).encode()).hexdigest()[:8]
    return f"{socket.gethostname()}-{of_folder}"


def _address(listening: socket.socket) -> str:
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
