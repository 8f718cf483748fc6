"""Writes the migration that production's history lacks, proved by running it after the history."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from supasync import sql
from supasync.catalog import Plan, Step
from supasync.catalog.dump import AT_THE_END
from supasync.errors import CannotApply, NotProved, Refused, UsageError
from supasync.events import Notice, Phase
from supasync.ports import Clock
from supasync.sync.context import Run
from supasync.sync.migrations import files
from supasync.sync.migrations.replay import Effect, Replay, Scratch
from supasync.sync.migrations.survey import HISTORY, Production, Survey
from supasync.sync.migrations.verdict import Standing, Verdict
from supasync.sync.migrations.versions import KIND

_NAME = re.compile(r"[A-Za-z0-9_-]+\Z")
_SHOWN = 10
_HEAD = (
    "-- What production has and none of its migrations makes. Run after them, it leaves",
    "-- production's schema: that was tried before this was written.",
)
_BEFORE = ("set check_function_bodies = off", "set search_path = ''")
_AFTER = ("reset search_path", "reset check_function_bodies")
"""What runs migrations goes on in the same session."""


@dataclass(frozen=True, kw_only=True)
class Captured:
    """version: of the new file. steps: what it makes, changes and drops."""

    file: Path
    version: str
    steps: tuple[Step, ...]


def check_name(name: str) -> None:
    """Raises: UsageError."""
    if not _NAME.match(name):
        raise UsageError(
            f"{name!r} cannot be part of a migration's file name",
            remedy="Use letters, digits, _ and - in --name.",
        )


async def capture(
    run: Run,
    source: Production,
    found: Survey,
    scratch: Scratch,
    *,
    folder: Path,
    name: str,
    clock: Clock,
) -> Captured | None:
    """Writes the file into `folder`; None when production is what its migrations make.

    found: of `survey`. Production is only read, its history included.
    Raises: Refused when the history cannot be run again, or the file is there; CannotApply,
    NotProved, SourceMoved, PlanError, SandboxError, SqlError, UnknownError.
    """
    _check_runs(found.verdicts)
    async with scratch.fresh() as database:
        replay = await Replay.begin(database, source.scope)
        with run.phase(HISTORY, Phase.REPLAY) as note:
            base = [each for each in found.verdicts if _is_on_main(each)]
            for each in base:
                await _again(replay, each)
            note.text = f"{len(base)} migrations on {scratch.about}"
        plan = await source.plan(database, replay.state)
        steps = _of_the_schema(plan)
        if not steps:
            return None
        if plan.cannot_apply:
            raise CannotApply(
                f"A migration cannot make all of it: {plan.cannot_apply[0]}",
                remedy="Make it on production by a role that migrations have, or drop it there.",
            )
        for message in plan.notices:
            run.emit(Notice(branch=source.main.name, message=message))
        text = script(steps)
        with run.phase(HISTORY, Phase.APPLY) as note:
            _check_proved(await replay.run((text,)), await source.plan(database, replay.state))
            note.text = "history and file make production's schema, proved"
    version = _new_version(found.verdicts, clock)
    file = files.add(folder, f"{version}_{name}.sql", text)
    return Captured(file=file, version=version, steps=steps)


def script(steps: Sequence[Step]) -> str:
    """The steps as a migration."""
    lines = [*_HEAD, "", *(f"{setting};" for setting in _BEFORE)]
    for step in steps:
        if step.sql:
            lines += ["", sql.comment(f"{step.verb} {step.label}"), *_ended(step.sql)]
    if finish := [text for step in steps for text in step.finish]:
        lines += ["", sql.comment(AT_THE_END), *_ended(finish)]
    return "\n".join([*lines, "", *(f"{setting};" for setting in _AFTER), ""])


def _ended(statements: Iterable[str]) -> Iterable[str]:
    return (f"{statement};" for statement in statements)


def _check_runs(verdicts: Iterable[Verdict]) -> None:
    """A later migration does not mend an earlier one that fails."""
    for each in verdicts:
        if each.version.row and each.standing is Standing.UNKNOWN and each.version.statements:
            raise Refused(
                f"Production's history cannot be run again: {each.version.version}: {each.reason}",
                remedy="It builds on something that is in no earlier migration. Write that into a "
                "file with an earlier version, record it with `supabase migration repair --status "
                "applied VERSION`, and run the command again.",
            )


def _is_on_main(verdict: Verdict) -> bool:
    """Whether it is part of what production is made of, recorded or not."""
    return verdict.version.row is not None or verdict.standing is Standing.UNRECORDED


async def _again(replay: Replay, verdict: Verdict) -> None:
    """Raises: NotProved when what ran a moment ago does not any more."""
    if verdict.version.statements is None:
        return
    effect = await replay.run(verdict.version.statements)
    if effect.failed:
        told = f"{verdict.version.version} ran once and failed the second time: {effect.failed}"
        raise NotProved(told, remedy="It depends on more than the database it runs on.")


def _of_the_schema(plan: Plan) -> tuple[Step, ...]:
    return tuple(step for step in plan.steps if step.id[0] != KIND)


def _check_proved(effect: Effect, plan: Plan) -> None:
    """Raises: NotProved."""
    left = [step.label for step in _of_the_schema(plan)]
    if not effect.failed and not left:
        return
    told = effect.failed or "it leaves " + ", ".join(left[:_SHOWN])
    raise NotProved(
        f"The migration that was found does not make production's schema: {told}",
        remedy="No file was written. Report it with the output of `supasync schema diff main "
        "BRANCH --json` for a branch that was reset.",
    )


def _new_version(verdicts: Iterable[Verdict], clock: Clock) -> str:
    """UTC to the second, as supabase/cli numbers migrations; later than all there are."""
    now = datetime.fromtimestamp(clock.now(), UTC).strftime("%Y%m%d%H%M%S")
    newest = max((int(each.version.version) for each in verdicts), default=0)
    return str(max(int(now), newest + 1))
