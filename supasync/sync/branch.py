"""One branch of a run, from finding it to remembering it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from supasync import api
from supasync.catalog import Scope, State
from supasync.config import Branch, Config, EssentialTable
from supasync.errors import Refused, UsageError
from supasync.events import Notice, Phase
from supasync.ports import Clock, Database, Store
from supasync.sync import essential, guard, witness
from supasync.sync.bookkeeping.lease import Lease
from supasync.sync.configure import Configurer, Values
from supasync.sync.context import Run
from supasync.sync.counted import CountedWritable
from supasync.sync.data.copy import DataCopy, checked, prepared
from supasync.sync.job import Job, Users
from supasync.sync.lifecycle import ready
from supasync.sync.lifecycle.provision import Provision
from supasync.sync.logins import linking, profiles
from supasync.sync.logins.sessions import auth_of
from supasync.sync.logins.users import ensure_users
from supasync.sync.once import Once
from supasync.sync.outcome import Outcome
from supasync.sync.reconcile import Planned, Reconciler
from supasync.sync.record import Memory
from supasync.sync.seeding.planned import check as fits
from supasync.sync.seeding.run import run_seed
from supasync.sync.seeding.script import Script
from supasync.sync.source import Source
from supasync.sync.strategy import Strategy
from supasync.sync.withheld import branch_database

logger = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class World:
    """What the branches of a run share. scripts: of the branches for which there is a seed."""

    run: Run
    client: api.Client
    config: Config
    listed: Once[tuple[api.Branch, ...]]
    source: Source
    scope: Scope
    memory: Memory
    store: Store
    scripts: Mapping[str, Script]
    settings: Once[Values]
    clock: Clock = field(default_factory=api.SystemClock)
    claimed: set[str] = field(default_factory=set)

    def claim(self, ref: str, name: str) -> None:
        """Raises: UsageError when the run has this branch already, under another name."""
        if ref in self.claimed:
            raise UsageError(
                f"{name} is a branch that this run already works on under another name",
                remedy="Name each branch once.",
            )
        self.claimed.add(ref)


class BranchRun:
    """A job on one branch. It raises nothing but cancellation: an error is a verdict."""

    def __init__(self, world: World, name: str, job: Job) -> None:
        self._world, self._run, self._name = world, world.run, name
        self._job, self._settings = job, Branch()
        self._outcome = Outcome(name)
        self._database: CountedWritable | None = None
        self._configurer: Configurer | None = None

    async def __call__(self) -> int:
        """Does the job and tells how it ended. Returns the exit code of this branch alone."""
        outcome = self._outcome
        try:
            database = await self._ready()
            await self._carry_out(database)
            self._count()
            finished = outcome.succeeded(code=self._job.different)
        except Exception as error:
            logger.debug("%s failed", self._name, exc_info=True)
            self._count()
            finished = outcome.failed(error, schema=self._job.schema)
        except asyncio.CancelledError:
            self._count()
            self._run.emit(outcome.interrupted(schema=self._job.schema))
            raise
        self._run.emit(finished)
        return finished.code

    async def _ready(self) -> CountedWritable:
        world = self._world
        with self._run.phase(self._name, Phase.READY) as note:
            provision = self._provision()
            branch = await provision.find(await world.listed.get())
            self._outcome.ref = branch.project_ref
            world.claim(branch.project_ref, self._name)
            self._settings = ready.settings(self._name, branch, world.config)
            self._job = self._job.for_branch(self._settings)
            if self._job.anew and not self._job.schema:
                raise Refused(
                    f"{self._name}: auto_sync_schema = false, so nothing of it is made anew",
                    remedy="Leave out --strategy, or change the branch's section.",
                )
            self._configurer = self._copying(branch.project_ref)
            if self._job.write and self._job.strategy is Strategy.RESET:
                guard.all_rows_may_go(self._name, "a reset", self._settings, self._run.options)
                await self._plan_settings()
                there = branch_database(world.client, branch, self._name, self._settings)
                await self._foresee(self._section, there)
                branch = await provision.reset(branch)
            ready.check(branch)
            note.text = str(branch.preview_project_status or branch.status)
        self._database = CountedWritable(
            branch_database(world.client, branch, self._name, self._settings)
        )
        return self._database

    def _copying(self, ref: str) -> Configurer | None:
        """What copies settings to the branch; None when none are to be copied."""
        world = self._world
        if not (self._job.settings and world.config.sync.settings):
            return None
        config = world.client.branch_config(ref, name=self._name)
        return Configurer(self._run, self._name, ref, config, world.settings)

    async def _plan_settings(self) -> None:
        """Raises: SettingRefused when they are to be written, UnknownError."""
        if self._configurer is not None:
            await self._configurer.plan()
            if self._job.write:
                self._configurer.guard()

    @property
    def _essential(self) -> Sequence[EssentialTable]:
        return self._world.config.validation.essential_tables

    @property
    def _script(self) -> Script | None:
        return self._world.scripts.get(self._name) if self._job.seed else None

    def _provision(self) -> Provision:
        world = self._world
        return Provision(
            name=self._name,
            job=self._job,
            run=self._run,
            client=world.client,
            config=world.config,
            clock=world.clock,
            before=self._foresee,
        )

    async def _foresee(self, section: str, there: Database | None = None) -> None:
        """What a sync would fail on, told before a branch is made, or loses its rows by a reset.
        there: the branch as it is.

        Raises: Refused, SeedError, SqlError, and as data.copy.checked.
        """
        world, config = self._world, self._world.config
        job = self._job.for_branch(config.branches.get(section, self._settings))
        if job.schema:
            source = await world.source.state()
            essential.check(source, self._essential)
            script = world.scripts.get(self._name) if job.seed else None
            if script is not None:
                await fits(script, source, there)
        if job.data:
            await checked(config, section, production=world.source.database)

    async def _carry_out(self, database: CountedWritable) -> None:
        world, outcome = self._world, self._outcome
        reconciler = Reconciler(
            self._run,
            world.source,
            database,
            world.scope,
            world.memory,
            key=outcome.ref,
            anew=self._job.strategy is Strategy.REBUILD,
        )
        planned = None
        if self._job.schema:
            planned = await reconciler.plan()
            essential.check(planned.source, self._essential)
            if self._script is not None:
                await fits(self._script, planned.source, database)
            outcome.equal = planned.equal
        await self._plan_settings()
        copy = await self._copy(database) if self._job.data else None
        if self._job.write:
            planned = await self._write(database, reconciler, planned, copy)
        else:
            if planned is not None:
                reconciler.foresee(planned, self._settings)
            if copy is not None:
                copy.foresee()
            await self._users(database, None)
        if planned is not None and outcome.equal:
            if self._run.options.witness:
                await self._witness(database, planned)
            await self._remember(planned.target)

    async def _write(
        self,
        database: CountedWritable,
        reconciler: Reconciler,
        planned: Planned | None,
        copy: DataCopy | None,
    ) -> Planned | None:
        """Applies, copies rows, seeds, copies settings and sees to the users, under a lease. No
        lease when nothing is written.

        Returns the plan with the target as it is at the end.
        """
        apply = planned is not None and not planned.equal
        if apply and planned is not None:
            reconciler.guard(planned, self._settings)
        script = self._script
        configurer = self._configurer if self._configurer and self._configurer.needed else None
        needless = not apply and script is None and configurer is None
        if needless and (copy is None or await copy.needless()):
            await self._users(database, None)
            return planned
        async with Lease(database, self._run) as lease:
            if apply and planned is not None:
                planned = await self._apply(reconciler, planned, database, lease, script)
            if copy is not None:
                may_lose = self._run.options.may_lose(self._settings)
                await copy.copy(lease, emptying=self._emptying(script), may_lose=may_lose)
            if script is not None:
                await run_seed(self._run, lease, database, script)
                planned = await self._after_seed(reconciler, planned)
                if copy is not None:
                    await copy.look_again()
            if configurer is not None:
                await lease.keep()
                await configurer.apply()
            await self._users(database, lease)
        return planned

    @property
    def _section(self) -> str:
        """The name under which the configuration has the branch; else the one that was given."""
        sections = self._world.config.branches.items()
        known = (name for name, settings in sections if settings is self._settings)
        return next(known, self._name)

    async def _copy(self, database: CountedWritable) -> DataCopy:
        """Raises: ConfigError, Refused, UnknownError."""
        world = self._world
        return await prepared(
            self._run,
            world.config,
            self._section,
            production=world.source.database,
            target=database,
        )

    async def _apply(
        self,
        reconciler: Reconciler,
        planned: Planned,
        database: CountedWritable,
        lease: Lease,
        script: Script | None,
    ) -> Planned:
        try:
            done = await reconciler.apply(
                planned, database, lease, self._settings, emptying=self._emptying(script)
            )
        finally:
            self._outcome.changed = reconciler.committed
        self._outcome.equal = True
        return done

    def _emptying(self, script: Script | None) -> str | None:
        """The function that may empty the branch's tables: only when the seed fills them again."""
        kept = script is None or not self._run.options.may_lose(self._settings)
        return None if kept else self._world.config.seed.function

    async def _after_seed(self, reconciler: Reconciler, planned: Planned | None) -> Planned | None:
        """A seed may hold DDL; what it made of the schema was not proved, so it is looked at."""
        if planned is None:
            return None
        state = planned.target
        after = await reconciler.look_again(state)
        self._outcome.equal = after.fingerprint == state.fingerprint
        self._outcome.changed_by_seed = tuple(
            " ".join((object_id[0], ".".join(object_id[1:])))
            for object_id in sorted(state.digests.keys() | after.digests.keys())
            if state.digests.get(object_id) != after.digests.get(object_id)
        )
        return replace(planned, target=after)

    async def _users(self, database: CountedWritable, lease: Lease | None) -> None:
        world = self._world
        if lease is not None:
            await lease.keep()
        if self._job.users is Users.LEAVE and self._job.seed:  # which makes rows without accounts
            await linking.link(self._run, database, world.config)
        if self._job.users is Users.LEAVE or not world.config.test_users:
            return
        repair = self._job.users is Users.ENSURE
        try:
            async with auth_of(world.client, world.config, self._outcome.ref) as auth:
                await ensure_users(self._run, auth, database, world.config, repair=repair)
        except profiles.Unreadable as error:
            error.remedy = profiles.remedy(self._name, equal=self._outcome.equal)
            raise

    async def _witness(self, database: CountedWritable, planned: Planned) -> None:
        """Raises: WitnessDisagrees, SchemaMoving, UnknownError."""
        world, state = self._world, planned.target
        readings = witness.Readings(
            branch=self._name,
            ref=self._outcome.ref,
            source=planned.source,
            target=state,
            explained=witness.explained(state, planned.plan.reparsed, world.config.seed.function),
        )
        with self._run.phase(self._name, Phase.WITNESS) as note:
            name = f"witness-{self._run.id}-{self._name}"
            await witness.agree(
                world.client,
                world.scope,
                readings,
                (world.source.database, database),
                lambda both: world.store.put(name, both),
            )
            note.text = "the platform's diff sees no difference either"

    async def _remember(self, state: State) -> None:
        with self._run.phase(self._name, Phase.RECORD):
            try:
                await self._world.memory.keep(self._outcome.ref, state)
            except OSError as error:
                message = f"What was read could not be kept for the next run: {error}"
                self._run.emit(Notice(branch=self._name, message=message))

    def _count(self) -> None:
        if self._database is not None:
            self._outcome.sql_calls = self._database.calls
