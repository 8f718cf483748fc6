"""Seed integrity: the rows that the seed makes are there, as it makes them, and running it again
would change nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence

from supasync.checks.environment import Branch, BranchCheck
from supasync.errors import SeedError, UsersError
from supasync.events import Finding, Report
from supasync.sync.bookkeeping import journal
from supasync.sync.logins import linking
from supasync.sync.seeding import run
from supasync.sync.seeding.rehearsal import Table, named, rehearse


async def _look(branch: Branch) -> Report:
    script = branch.shared.scripts[branch.name]
    last = (await journal.newest(branch.database)).get(run.KIND)
    remedy = f"Run `supasync seed run {branch.name}`."
    if last is None:
        return Report(findings=(Finding(message="the seed has never run here", remedy=remedy),))
    evidence = {"seed": script.digest, "seed that ran last": last.source, "run": last.run_id}
    if last.source != script.digest:
        message = "the seed that ran last is not the one that is configured now"
        return Report(findings=(Finding(message=message, remedy=remedy),), evidence=evidence)
    if any(file.parsed is None for file in script.files):
        message = "whether the seed controls transactions cannot be told without its parser"
        remedy = "Install postgast, or run this on a machine for which there is one."
        return Report(findings=(Finding(message=message, remedy=remedy, known=False),))
    try:
        tables = await rehearse(
            branch.shared.run,
            branch.database,
            script,
            timely=script.timely,
            after=linking.after_seed(branch.shared.config),
        )
    except SeedError as error:
        found = Finding(message=f"it fails: {error.message}", remedy=await _mending(branch))
        return Report(findings=(found,), evidence=evidence)
    except UsersError as error:
        found = Finding(message=error.message, remedy=error.remedy or "")
        return Report(findings=(found,), evidence=evidence)
    own = named(script, tables)
    return Report(
        findings=tuple(_findings(own, remedy)),
        evidence=evidence
        | {
            "rows": {each.name: each.rows for each in own},
            "checksum": hashlib.sha256(" ".join(t.checksum for t in own).encode()).hexdigest(),
            "new each time": {t.name: list(t.new_each_time) for t in own if t.new_each_time},
        },
        notes=tuple(_notes(tables, own)),
    )


async def _mending(branch: Branch) -> str:
    """Of a seed that fails: it is written for production's schema, which may not be there."""
    if await branch.equal() is False:
        sync = f"Run `supasync branches sync {branch.name}`"
        return f"{sync} first: the branch's schema is not production's. It runs the seed too."
    return "Correct the seed."


def _findings(own: Sequence[Table], remedy: str) -> Iterator[Finding]:
    if not own:
        message = "it writes no table, so nothing can be said of its rows"
        remedy = "Let a file of [seed] paths insert rows, or take [seed] out."
        yield Finding(message=message, remedy=remedy, known=False)
    for each in own:
        if each.missing:
            yield Finding(
                message=f"{each.name}: {each.missing} of the seed's {each.rows} rows are missing or"
                " changed, or it makes others when it runs again",
                remedy=f"{remedy} If this stays, the seed is not re-runnable: let its function "
                "empty the table, or write `on conflict … do update`.",
            )


def _notes(tables: Sequence[Table], own: Sequence[Table]) -> Iterator[str]:
    for each in tables:
        if each not in own:
            if each.missing or each.extra:
                yield f"{each.name}, which triggers or functions write, changes with each run"
        elif each.extra > each.missing:
            more = each.extra - each.missing
            yield f"{each.name}: {more} rows are not the seed's; running it removes or changes them"


def _skip(branch: Branch) -> str:
    if branch.name not in branch.shared.scripts:
        return "there is no seed for this branch"
    if branch.shared.scripts[branch.name].empty:
        return "the seed has no statement"
    return "" if branch.settings.seed_on_sync else "seed_on_sync = false"


ON_BRANCH = BranchCheck("seed integrity", _look, _skip, alone=True)
