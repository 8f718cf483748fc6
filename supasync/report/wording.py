"""Words for steps, durations and verdicts, as plain text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import groupby

from supasync.errors import Refused
from supasync.events import (
    BranchFinished,
    BranchSummary,
    HazardSeen,
    PlannedStep,
    RowsCopied,
    SettingChange,
    Summary,
    TableSeeded,
    Verdict,
)

MARKS = {"drop": "-", "alter": "~", "create": "+"}
"""What is lost comes first: a long list is cut at its end."""

_PAST = {"create": "created", "alter": "altered", "drop": "dropped"}
_KEYWORDS = re.compile(r"[A-Z][A-Z ]*(?= )")
_SHORT = 0.0005
_HAZARDS_SHOWN = 10
_CANNOT = "cannot-apply"


def harmless(text: str, *, lines: bool = False) -> str:
    """The text without what a terminal would obey: a name may have control characters in it.

    lines: it may have several.
    """
    return "".join(
        letter
        if letter.isprintable() or (lines and letter == "\n")
        else letter.encode("unicode_escape").decode()
        for letter in text
    )


def step(planned: PlannedStep) -> str:
    """`+ column public.users.x`, `~ view public.crew (definition)`."""
    name = _KEYWORDS.sub(lambda match: match[0].lower(), planned.object, count=1)
    fields = f" ({', '.join(planned.fields)})" if planned.fields else ""
    return harmless(f"{MARKS.get(planned.verb, '?')} {name}{fields}")


def steps(planned: Sequence[PlannedStep]) -> list[str]:
    """Grouped: what is dropped, then altered, then created; each in the plan's order."""
    order = list(MARKS)
    by_verb = sorted(planned, key=lambda one: order.index(one.verb) if one.verb in order else 9)
    return [step(one) for one in by_verb]


def hazards(seen: Sequence[HazardSeen]) -> list[str]:
    """`data-loss: TABLE public.old is dropped with what it holds`, the same names together.

    What cannot be applied is told on its own.
    """
    lines = []
    names = dict.fromkeys(hazard.name for hazard in seen if hazard.name != _CANNOT)
    for name in names:
        messages = [hazard.message for hazard in seen if hazard.name == name]
        lines += [harmless(f"{name}: {message}") for message in messages[:_HAZARDS_SHOWN]]
        if len(messages) > _HAZARDS_SHOWN:
            lines.append(f"{name}: … and {len(messages) - _HAZARDS_SHOWN} more; --json shows all")
    return lines


def counted(planned: Sequence[PlannedStep]) -> str:
    """`3 created, 1 altered`; `nothing to change`."""
    if not planned:
        return "nothing to change"
    verbs = sorted((one.verb for one in planned), key=list(_PAST).index)
    return ", ".join(f"{len(list(same))} {_PAST[verb]}" for verb, same in groupby(verbs))


def count(number: int, noun: str) -> str:
    """`1 file`, `2 files`."""
    return f"{number} {noun}" + ("" if number == 1 else "s")


def seconds(value: float) -> str:
    if value < _SHORT:
        return "0 s"
    return f"{value * 1000:.0f} ms" if value < 0.1 else f"{value:.1f} s"


def phases(branch: BranchSummary) -> str:
    """Seconds per phase, in the order they ran."""
    return " · ".join(f"{phase.phase} {seconds(phase.seconds)}" for phase in branch.phases)


def changes(branch: BranchSummary) -> str:
    """The schema's part of a branch, in a few words."""
    if branch.plan is None:
        return "not looked at"
    refused = branch.finished is not None and branch.finished.code == Refused.exit_code
    return "refused" if refused and not branch.plan.steps else counted(branch.plan.steps)


def unmodelled(branch: BranchSummary) -> str:
    """`not compared: 2 in pg_cast`; empty when everything was."""
    counts = branch.plan.unmodelled if branch.plan else {}
    found = ", ".join(f"{number} in {where}" for where, number in counts.items())
    return f"not compared: {found}" if found else ""


def last_sync(branch: BranchSummary) -> str:
    """`2026-01-31 09:45 UTC: Synced`; `…: OutOfSync, failed in seed`."""
    last = branch.last_sync
    if last is None:
        return "none recorded here"
    when = datetime.fromtimestamp(last.at, UTC)
    failed = f", failed in {last.failed}" if last.failed else ""
    return f"{when:%Y-%m-%d %H:%M} UTC: {last.verdict}{failed}"


def data(table: RowsCopied) -> str:
    """`public.crew  40 rows, read in 1 page, 40 written; masked: email (hash)`"""
    text = f"{table.table}  "
    if table.rows is None:
        text += f"would be read: {', '.join(table.columns)}"
    elif not table.pages and not table.written:
        text += f"{count(table.rows, 'row')}, none read: as after the last copy"
    else:
        text += f"{count(table.rows, 'row')}, read in {count(table.pages, 'page')}, "
        text += f"{table.written} written"
    if table.limit is not None:
        text += f"; limit {table.limit}"
    if table.masked:
        text += "; masked: " + ", ".join(f"{name} ({how})" for name, how in table.masked.items())
    return harmless(text)


def setting(change: SettingChange, *, done: bool) -> str:
    """`auth.site_url: a → b, copied`"""
    how = "copied" if done else "to copy"
    told = change.refused or f"{change.before} → {change.after}, {how}"
    return harmless(f"{change.name}: {told}")


def seed(branch: BranchSummary) -> str:
    return count(len(branch.seed), "file") if branch.seed else "–"


def seeded(table: TableSeeded) -> str:
    """`public.users  4 rows (4 inserted, 2 deleted)`"""
    done = {"inserted": table.inserted, "updated": table.updated, "deleted": table.deleted}
    what = ", ".join(f"{number} {verb}" for verb, number in done.items() if number)
    return harmless(f"{table.table}  {count(table.rows, 'row')}" + (f" ({what})" if what else ""))


def users(branch: BranchSummary) -> str:
    good = sum(1 for user in branch.users if user.ok)
    return f"{good} of {len(branch.users)}" if branch.users else "–"


def verdict(branch: BranchSummary) -> str:
    done = branch.finished
    if done is None:
        return "interrupted"
    return ended(done)


def ended(event: BranchFinished) -> str:
    """How a branch ended, as it happens."""
    if event.verdict is None:
        return "failed" if event.code else "done"
    return event.verdict


def style(branch: BranchSummary) -> str:
    """A rich style for the verdict."""
    done = branch.finished
    if done is None or done.verdict is Verdict.UNKNOWN:
        return "bold yellow"
    return "bold red" if done.code else "bold green"


def calls(summary: Summary) -> str:
    """`API calls: 17 (9 SQL)`; empty when the run used no API."""
    total = sum(summary.calls.values())
    return f"API calls: {total} ({summary.sql_calls} SQL)" if total else ""
