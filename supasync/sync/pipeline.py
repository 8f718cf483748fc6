"""A command's run over branches, concurrently, with production read once."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from supasync import api, catalog
from supasync.catalog import Scope
from supasync.config import Config, seed_files, seed_tables, seed_variables
from supasync.errors import UsageError
from supasync.events import ApiCalls, Notice, RunFinished, RunStarted
from supasync.ports import Store
from supasync.sync import configure, guard, names, outcome
from supasync.sync.branch import BranchRun, World
from supasync.sync.context import Run
from supasync.sync.counted import Counted
from supasync.sync.job import Job
from supasync.sync.once import Once
from supasync.sync.record import Memory
from supasync.sync.seeding import script
from supasync.sync.seeding.script import Script
from supasync.sync.seeding.variables import Values
from supasync.sync.source import Source
from supasync.sync.undo import UndoRun

_NO_BRANCH = "Add a [branches.NAME] section, or name a branch."
_NO_BRANCH_OFFICIAL = (
    "Name a branch, add [remotes.NAME] with its project_id to this file, which is Supabase's own, "
    "or write [branches.NAME] into a config.toml at the top level."
)


def targets(given: Sequence[str], config: Config) -> tuple[str, ...]:
    """The branches a command is about: those named, else all of the configuration.

    Raises: ProductionGuard, UsageError. Needs no network.
    """
    chosen = tuple(dict.fromkeys(given)) or tuple(config.branches)
    for name in chosen:
        names.check_branch(name, urls=False)
        guard.not_production(name, config)
    if not chosen:
        raise UsageError(
            f"{config.file}: no branch is configured, and none was named",
            remedy=_NO_BRANCH_OFFICIAL if config.official else _NO_BRANCH,
        )
    return chosen


def scripts(config: Config, branches: Sequence[str]) -> Mapping[str, Script]:
    """The seed of each branch as one script, checked; of those for which one is configured.

    Raises: SeedError naming file and line, ConfigError. Needs no network.
    """
    paths_of = {name: seed_files(config, name) for name in branches}
    if not any(paths_of.values()):
        return {}
    values, tables, seed = Values(seed_variables(config)), seed_tables(config), config.seed
    composed: dict[tuple[Path, ...], Script] = {}
    found: dict[str, Script] = {}
    for name, paths in paths_of.items():
        if paths and paths not in composed:
            files = script.read(paths, values=values, tables=tables)
            composed[paths] = script.compose(
                files, seed.function, values=values, quiet=seed.triggers == "off"
            )
        if paths:
            found[name] = composed[paths]
    return found


async def run_job(
    job: Job,
    branches: Sequence[str],
    *,
    run: Run,
    config: Config,
    client: api.Client,
    store: Store,
    seeds: Mapping[str, Script],
) -> int:
    """Does the job on all branches. Returns the run's exit code; a branch's error is an event."""
    started = time.monotonic()
    run.emit(
        RunStarted(
            run_id=run.id,
            command=job.command,
            source=job.source,
            branches=tuple(branches),
            dry_run=run.options.dry_run,
            at=time.time(),
        )
    )
    world = _world(run, config, client, store, seeds)
    code = outcome.INTERRUPTED
    with client.counted.own() as calls:
        try:
            kind = UndoRun if job.undo else BranchRun
            codes = await _all([kind(world, name, job) for name in branches])
            code = outcome.code_of_run(codes)
            await _remember(world.source, run)
        finally:
            await world.source.reading.aclose()
            await world.listed.aclose()
            await world.settings.aclose()
            run.emit(ApiCalls(calls=dict(calls)))
            seconds = time.monotonic() - started
            run.emit(RunFinished(run_id=run.id, seconds=seconds, exit_code=code, at=time.time()))
    return code


async def _all(branches: Sequence[BranchRun]) -> list[int]:
    """Each cancellation reaches the branches: the first lets them learn what came of their last
    write, the next ends that too. (asyncio's TaskGroup passes only the first one on.)"""
    tasks = [asyncio.create_task(branch()) for branch in branches]
    pending, cancelled = set(tasks), False
    while pending:
        try:
            _, pending = await asyncio.wait(pending, return_when=asyncio.FIRST_EXCEPTION)
            stop = bool(pending)  # one has failed in a way that nobody foresaw
        except asyncio.CancelledError:
            cancelled = stop = True
        for task in pending if stop else ():
            task.cancel()
    if cancelled:
        raise asyncio.CancelledError
    return [task.result() for task in tasks]


def compared(config: Config) -> Scope:
    """What of branches is compared."""
    return catalog.scope(names.SCOPE, keep_functions=names.kept(config.seed.function))


def remembered(config: Config, store: Store, *, hard: bool = False) -> Memory:
    """What production and branches looked like when they were last read."""
    scope = " ".join([names.SCOPE, *names.kept(config.seed.function)])
    return Memory(store, scope=scope, hard=hard)


def reading(
    run: Run, config: Config, client: api.Client, store: Store
) -> tuple[Scope, Memory, Source]:
    """What is compared, what is remembered of it, and production as it is read once."""
    scope, memory = compared(config), remembered(config, store, hard=run.options.hard)
    production = Counted(client.production)
    return scope, memory, Source(run, production, scope, memory, key=config.project.ref)


def _world(
    run: Run, config: Config, client: api.Client, store: Store, seeds: Mapping[str, Script]
) -> World:
    scope, memory, source = reading(run, config, client, store)
    return World(
        run=run,
        client=client,
        config=config,
        listed=Once(lambda: client.branches.list(config.project.ref)),
        source=source,
        scope=scope,
        memory=memory,
        store=store,
        scripts=seeds,
        settings=Once(
            lambda: configure.read(client.config, config.project.ref, config.sync.settings)
        ),
    )


async def _remember(source: Source, run: Run) -> None:
    try:
        await source.remember()
    except OSError as error:
        message = f"What was read could not be kept for the next run: {error}"
        run.emit(Notice(branch=source.database.name, message=message))
