"""Holds git's files, production's history and production's schema against each other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from supasync import catalog
from supasync.catalog import Plan, Scope, State
from supasync.catalog.kinds.migration import Migration
from supasync.events import Phase
from supasync.ports import Database
from supasync.sync import ends
from supasync.sync.context import Run
from supasync.sync.counted import Counted
from supasync.sync.ends import End
from supasync.sync.migrations import verdict, versions
from supasync.sync.migrations.files import Folder
from supasync.sync.migrations.replay import Effect, Replay, Scratch
from supasync.sync.migrations.verdict import Difference, Standing, Verdict
from supasync.sync.migrations.versions import KIND, Version
from supasync.sync.record import Memory

HISTORY = "history"
"""What replays are called in the output."""


@dataclass(frozen=True, kw_only=True)
class Production:
    """main: only read. rows: its history, by version."""

    main: Database
    state: State
    scope: Scope
    rows: Mapping[str, Migration] = field(repr=False)

    @property
    def newest(self) -> str:
        return max(self.rows, default="")

    async def plan(self, database: Database, state: State) -> Plan:
        """What would make a database of replayed migrations production. Of the history itself
        nothing: a replay records none.

        Raises: SourceMoved, PlanError, SqlError, UnknownError.
        """
        return await catalog.make_plan(
            self.main, self.state, database, state, self.scope, reread=True
        )

    def differences(self, plan: Plan) -> tuple[Difference, ...]:
        """In which production is not what the plan was made for."""
        ids = catalog.differences(plan.source_state, plan.target_state)
        apart = {id_ for id_ in ids if id_[0] != KIND} - set(plan.reparsed)
        main, replayed = plan.source_state.digests, plan.target_state.digests
        return verdict.differences(main, replayed, apart)


@dataclass(frozen=True, kw_only=True)
class Survey:
    """verdicts: of all versions, in their order. drift: what no migration made. replayed_on: for
    people."""

    verdicts: tuple[Verdict, ...]
    drift: tuple[Difference, ...]
    replayed_on: str
    folder: Folder | None = None

    @property
    def code(self) -> int:
        """0: all say the same, 1: they do not, 3: of some it could not be found out."""
        if any(each.standing is Standing.UNKNOWN for each in self.verdicts):
            return 3
        files = self.folder is not None
        fine = all(each.settled for each in self.verdicts) if files else self._true
        return 0 if fine and not self.drift else 1

    @property
    def _true(self) -> bool:
        return not any(each.standing is Standing.UNTRUE for each in self.verdicts)


async def production(
    run: Run, main: Database, scope: Scope, memory: Memory, key: str
) -> Production:
    """Reads production. Raises: SourceMoved, SqlError, UnknownError."""
    with run.phase(main.name, Phase.OBSERVE) as note:
        state = await catalog.observe(main, scope, await memory.recall(key))
        rows = await versions.read(main, state, scope)
        note.text = f"{state.count} objects, {len(rows)} of them migrations"
    return Production(main=main, state=state, scope=scope, rows=rows)


async def survey(run: Run, source: Production, folder: Folder | None, scratch: Scratch) -> Survey:
    """Runs production's history on a scratch database, and then the files that it lacks.

    folder: None when there are no files to be compared.
    Raises: SourceMoved, PlanError, SandboxError, SqlError, UnknownError.
    """
    known = versions.together(source.rows, folder.files if folder else ())
    async with scratch.fresh() as database:
        replay = await Replay.begin(database, source.scope)
        with run.phase(HISTORY, Phase.REPLAY) as note:
            ran = [(each, await _run(replay, each)) for each in known if each.row]
            note.text = f"{len(ran)} migrations on {scratch.about}"
        with run.phase(HISTORY, Phase.PLAN) as note:
            found = source.differences(await source.plan(database, replay.state))
            note.text = f"{len(found)} objects differ" if found else "production is what they make"
        also = [(each, await _run(replay, each)) for each in known if not each.row]
    waiting = tuple(verdict.waiting(also, source.state.digests, source.newest))
    there = {each.version.version for each in waiting if each.standing is Standing.UNRECORDED}
    made = [(each, effect) for each, effect in also if each.version in there]
    left = verdict.without(found, made)
    verdicts = (*verdict.recorded(ran, made, left), *waiting)
    return Survey(
        verdicts=tuple(sorted(verdicts, key=lambda each: each.version.version)),
        drift=verdict.unexplained(ran, left),
        replayed_on=scratch.about,
        folder=folder,
    )


async def survey_against(run: Run, source: Production, folder: Folder | None, end: End) -> Survey:
    """As `survey`, where somebody else has run production's history: nothing is written to `end`.

    Which migration made what is not known then.
    Raises: SourceMoved, TargetMoved, PlanError, SqlError, UnknownError.
    """
    known = versions.together(source.rows, folder.files if folder else ())
    async with ends.opened(end):
        with run.phase(end.database.name, Phase.OBSERVE) as note:
            state = await catalog.observe(end.database, source.scope)
            note.text = f"{state.count} objects"
        with run.phase(end.database.name, Phase.PLAN):
            found = source.differences(await source.plan(Counted(end.database), state))
    return Survey(
        verdicts=tuple(_unattributed(known, found)),
        drift=found,
        replayed_on=end.database.name,
        folder=folder,
    )


async def _run(replay: Replay, version: Version) -> Effect | None:
    return None if version.statements is None else await replay.run(version.statements)


def _unattributed(known: Iterable[Version], found: tuple[Difference, ...]) -> Iterable[Verdict]:
    for version in known:
        standing, reason = Standing.UNKNOWN, "which migration made what differs is not known"
        if not found:  # then production is what is recorded, and nothing else
            standing, reason = Standing.APPLIED if version.row else Standing.PENDING, ""
        yield Verdict(version=version, standing=standing, reason=reason)
