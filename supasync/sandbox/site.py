"""Everything of a sandbox, brought up and taken down in the event loop that serves it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from starlette.applications import Starlette

from supasync.errors import SandboxError
from supasync.sandbox import binaries, history, listen
from supasync.sandbox.app import application, beside, offered
from supasync.sandbox.branching import Branching
from supasync.sandbox.clock import MovableClock
from supasync.sandbox.faults.middleware import Faulty
from supasync.sandbox.faults.rules import Rules
from supasync.sandbox.home import Home
from supasync.sandbox.limits import LIMIT, WINDOW_SECONDS, Limiter
from supasync.sandbox.migrations import EXAMPLE, in_folder
from supasync.sandbox.power import IdlePauses
from supasync.sandbox.records import Plan, Record
from supasync.sandbox.registry import Registry, sweep_clusters
from supasync.sandbox.sqlapi.failure import Failure
from supasync.sandbox.steering.address import Address
from supasync.sandbox.steering.routes import Steering


@dataclass(frozen=True, kw_only=True)
class Options:
    """data_dir: None is a temporary one. port: 0 is any free one. branches: made if missing.

    example: a new main begins with the example's migrations; migrations: with those of this folder.
    rate_limits: answer 429; limit and window_seconds: to how many requests in how long.
    delay: seconds between a branch's ACTIVE_HEALTHY and its tables.
    pause_after: seconds without use after which a branch that is not persistent is paused.
    plan: of the organization; free has no branches. branching: whether it was enabled; None is as
    it was, at first that it was. monotonic: what the sandbox's clock starts from.
    """

    data_dir: Path | None = None
    port: int = 0
    branches: tuple[str, ...] = ("testing", "preview")
    example: bool = True
    migrations: Path | None = None
    rate_limits: bool = False
    limit: int = LIMIT
    window_seconds: float = WINDOW_SECONDS
    delay: float = 0.3
    pause_after: float | None = None
    plan: Plan = "pro"
    branching: bool | None = None
    monotonic: Callable[[], float] = time.monotonic


@dataclass(frozen=True)
class Site:
    """What runs, and by what it is steered."""

    registry: Registry
    branching: Branching
    rules: Rules
    steering: Address


@asynccontextmanager
async def running(options: Options) -> AsyncIterator[Site]:
    """A sandbox whose branches are ready and which answers HTTP. Raises: SandboxError."""
    async with AsyncExitStack() as stack:
        listening = listen.bind(options.port)
        stack.callback(listening.close)
        home = await asyncio.to_thread(_home, options.data_dir)
        stack.callback(home.close)
        host, port = listening.getsockname()
        chosen = await asyncio.to_thread(binaries.find)
        clock = MovableClock(options.monotonic)
        registry = Registry(home, chosen, f"http://{host}:{port}", clock)
        stack.callback(registry.close, quick=home.temporary)
        # A thread that makes or starts a server goes on when who waits for it is cancelled.
        stack.push_async_callback(asyncio.get_running_loop().shutdown_default_executor)
        branching = Branching(registry, delay=0)
        stack.push_async_callback(branching.close)
        await asyncio.to_thread(registry.sweep)
        registry.state.plan = options.plan
        if options.branching is not None:
            registry.state.branching = options.branching
        await _open_main(registry, options)
        await _open_branches(registry, branching, options.branches)
        branching.delay = options.delay
        if options.pause_after is not None:
            idle = asyncio.create_task(IdlePauses(registry, options.pause_after).watch())
            stack.callback(idle.cancel)
        limiter = Limiter(
            options.rate_limits, clock.monotonic, options.limit, options.window_seconds
        )
        app = application(registry, branching, limiter)
        site = Site(registry, branching, _rules(registry, app), Address.new(registry.base_url))
        steering = Steering(site.rules, clock, site.steering.token).application()
        everything = beside(steering, Faulty(app, site.rules, clock))
        await stack.enter_async_context(listen.serving(everything, listening))
        stack.enter_context(site.steering.shown(home.path))
        yield site


def _rules(registry: Registry, app: Starlette) -> Rules:
    def name_of(key: str) -> str | None:
        record = registry.branch(key)
        return None if record is None else record.name

    return Rules(offered(app.routes), name_of)


def _home(data_dir: Path | None) -> Home:
    if data_dir is None:
        return Home.new()
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SandboxError(
            f"{data_dir} cannot be made: {error.strerror}.", remedy="Name another --data-dir."
        ) from error
    sweep_clusters()
    return Home(data_dir.absolute())


async def _open_main(registry: Registry, options: Options) -> None:
    record = registry.state.main
    if record.project_status != "COMING_UP":  # else it was never finished
        await _start(registry, record)
        return
    folder = options.migrations or (EXAMPLE if options.example else None)
    migrations = [] if folder is None else in_folder(folder)
    main = await registry.make(record)
    for migration in migrations:
        try:
            await history.apply(main, migration)
        except Failure as failure:
            raise SandboxError(
                f"{migration.version}_{migration.name} of {folder} fails: {failure.message}",
                remedy="Mend this file; main is made of these migrations, in their order.",
            ) from failure
    record.project_status, record.status = "ACTIVE_HEALTHY", "FUNCTIONS_DEPLOYED"
    registry.save()


async def _open_branches(registry: Registry, branching: Branching, names: tuple[str, ...]) -> None:
    starting = []
    for record in registry.state.branches:
        if record.status in {"CREATING_PROJECT", "RUNNING_MIGRATIONS"}:
            branching.reset(record, None)  # it was never finished
        else:
            starting.append(_start(registry, record))
    await asyncio.gather(*starting)
    for name in names if registry.state.branching else ():
        if registry.named(name) is None:
            branching.create(Record.new(name, initial=True))
    await branching.settled()


async def _start(registry: Registry, record: Record) -> None:
    instance = registry.instance(record)
    if record.project_status == "ACTIVE_HEALTHY":
        await asyncio.to_thread(instance.cluster.start)
