"""Sync freshness: how the branch's last sync ended, and that it was not long ago.

The history on this machine knows how its syncs ended. The journal on the branch knows what any
machine's syncs have written.
"""

from __future__ import annotations

from supasync.checks.environment import Branch, BranchCheck
from supasync.events import Finding, LastSync, Report, Verdict, last_syncs
from supasync.sync import reconcile
from supasync.sync.bookkeeping import journal
from supasync.sync.bookkeeping.journal import Written
from supasync.sync.seeding import run

_SYNCS = (reconcile.KIND, run.KIND)


async def _look(branch: Branch) -> Report:
    newest = await journal.newest(branch.database)
    written = min(
        (newest[kind] for kind in _SYNCS if kind in newest), key=lambda w: w.age, default=None
    )
    known = last_syncs(branch.shared.history).get(branch.name)
    return judged(
        branch.name,
        known,
        written,
        now=branch.shared.clock.now(),
        hours=branch.shared.config.validation.sync_max_age_hours,
    )


def judged(
    name: str, known: LastSync | None, written: Written | None, *, now: float, hours: float
) -> Report:
    """known: of this machine's history; written: the newest write of any machine. now: seconds
    since the epoch. hours: how long ago it may be."""
    sync = f"Run `supasync branches sync {name}`."
    if known is None and written is None:
        message = "no sync of this branch is recorded, here or on the branch"
        return Report(findings=(Finding(message=message, remedy=sync, known=False),))
    age = min(
        *([now - known.at] if known else []),
        *([written.age] if written else []),
        float("inf"),
    )
    evidence: dict[str, object] = {"hours ago": round(age / 3600, 2), "at most": hours}
    findings = []
    here = known is not None and (
        written is None or written.run_id == known.run_id or now - known.at < written.age
    )
    if known is not None and here:
        evidence["last sync here"] = known.verdict
        findings += _of_result(known, sync)
    elif written is not None:
        evidence["last write by a sync"] = written.run_id
        evidence["of"] = "another machine: how that sync ended is not recorded here"
    if age > hours * 3600:
        message = f"the last sync is {_long(age)} ago, at most {_long(hours * 3600)} are allowed"
        findings.append(Finding(message=message, remedy=sync))
    return Report(findings=tuple(findings), evidence=evidence)


def _long(seconds: float) -> str:
    for size, unit in ((3600, "h"), (60, "min")):
        if seconds >= size:
            return f"{round(seconds / size, 1):g} {unit}"
    return f"{seconds:.2g} s"


def _of_result(last: LastSync, remedy: str) -> list[Finding]:
    if last.good and last.verdict == Verdict.SYNCED:
        return []
    where = f" in {last.failed}" if last.failed else ""
    why = f": {last.reason}" if last.reason else ""
    if last.verdict == Verdict.UNKNOWN:
        message = f"how the last sync ended is not known{where}{why}"
        return [Finding(message=message, remedy=remedy, known=False)]
    return [Finding(message=f"the last sync failed{where}{why}", remedy=remedy)]


ON_BRANCH = BranchCheck("sync freshness", _look)
