"""A finished run for people: what changed per branch, and a table of all."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePath
from typing import TypeAlias

from rich.console import Console
from rich.table import Table
from rich.text import Text

from supasync.events import BranchSummary, PlanMade, Summary
from supasync.report import columns, wording

Reason: TypeAlias = tuple[str, str, bool]
"""What is told, what to do, and whether it is bad."""

_STEPS_SHOWN = 40
_TABLES_SHOWN = 20


_EACH = ("branch", "verdict", "schema", "seed", "users", "SQL calls", "time")
_STATUS = ("branch", "schema", "differences", "last sync", "SQL calls", "time")


def print_run(summary: Summary, console: Console, *, sql: bool = False) -> None:
    """sql: also the plan's script."""
    shared = _shared(summary)
    for branch in summary.branches.values():
        for line in branch_lines(branch, reasons=_reason(branch) not in shared):
            console.print(line, soft_wrap=True)
        if sql and branch.plan and branch.plan.sql:
            script = branch.plan.sql.rstrip()
            shown = wording.harmless(script, lines=True) if console.is_terminal else script
            console.print(Text(shown), soft_wrap=True)
        console.print()
    if len(summary.branches) > 1:
        console.print(table(summary, console))
    for reason, names in shared.items():
        _print_reasons(", ".join(names), reason, console)
    if calls := wording.calls(summary):
        console.print(calls, highlight=False)


def print_status(summary: Summary, console: Console) -> None:
    """What the schemas are like now and what the last sync was like, and why."""
    grid = columns.table(_STATUS, console)
    for branch in summary.branches.values():
        good = branch.last_sync is None or branch.last_sync.good
        grid.add_row(
            branch.name,
            Text(wording.verdict(branch), style=wording.style(branch)),
            wording.changes(branch),
            Text(wording.last_sync(branch), style="" if good else "yellow"),
            *_cost(branch),
        )
    console.print(grid)
    shared = _shared(summary)
    for branch in summary.branches.values():
        reason = _reason(branch)
        if reason and reason not in shared:
            _print_reasons(branch.name, reason, console)
        if left := wording.unmodelled(branch):
            console.print(Text(f"{branch.name}: {left}", style="yellow"), soft_wrap=True)
        if branch.last_sync and branch.last_sync.reason:
            last = f"{branch.name}: the last sync: {branch.last_sync.reason}"
            console.print(Text(_safe(last)), soft_wrap=True)
    for reason, names in shared.items():
        _print_reasons(", ".join(names), reason, console)


def branch_lines(branch: BranchSummary, *, reasons: bool = True) -> Iterator[Text]:
    """A branch's part, one line each."""
    done = branch.finished
    head = Text(branch.name, style="bold")
    head.append("  ").append(wording.verdict(branch), style=wording.style(branch))
    if branch.plan:
        what = wording.changes(branch)
        pending = branch.plan.steps and not (done and done.changed)
        head.append(f"  to do: {what}" if pending else f"  {what}")
    if done is not None:
        head.append(f"  {wording.seconds(done.seconds)}", style="dim")
    yield head
    if branch.plan:
        yield from _plan_lines(branch.plan)
        if left := wording.unmodelled(branch):
            yield Text(f"  ? {left}", style="yellow")
    for table in branch.data:
        yield Text(f"  data   {wording.data(table)}")
    yield from _setting_lines(branch)
    yield from _seed_lines(branch)
    for user in branch.users:
        mark = Text("✓", style="green") if user.ok else Text("✗", style="red")
        text = f" {user.email}  {user.role}, {user.login.replace('_', ' ')}, {user.action}"
        yield Text("  user   ").append_text(mark).append(text)
    if branch.phases:
        yield Text(f"  time   {wording.phases(branch)}", style="dim")
    yield from (Text(f"  note   {_safe(note)}") for note in branch.notices)
    if reasons and (reason := _reason(branch)):
        yield from (Text("  ").append_text(line) for line in _lines_of(reason))


def table(summary: Summary, console: Console) -> Table:
    """One row per branch."""
    grid = columns.table(_EACH, console)
    for branch in summary.branches.values():
        grid.add_row(
            branch.name,
            Text(wording.verdict(branch), style=wording.style(branch)),
            wording.changes(branch),
            wording.seed(branch),
            wording.users(branch),
            *_cost(branch),
        )
    return grid


def _cost(branch: BranchSummary) -> tuple[str, str]:
    done = branch.finished
    return (str(done.sql_calls), wording.seconds(done.seconds)) if done else ("", "")


def _plan_lines(plan: PlanMade) -> Iterator[Text]:
    lines = wording.steps(plan.steps)
    styles = {"+": "green", "-": "red", "~": "yellow"}
    for line in lines[:_STEPS_SHOWN]:
        yield Text(f"  {line}", style=styles.get(line[0], ""))
    if len(lines) > _STEPS_SHOWN:
        yield Text(
            f"  … and {len(lines) - _STEPS_SHOWN} more; --sql or --json shows all", style="dim"
        )
    for line in wording.hazards(plan.hazards):
        yield Text(f"  ! {line}", style="yellow")
    for refused in plan.cannot_apply:
        yield Text(f"  ✗ cannot apply: {_safe(refused)}", style="red")
    if plan.reparsed:
        yield Text(f"  = equal after re-parse: {_safe(', '.join(plan.reparsed))}", style="dim")


def _seed_lines(branch: BranchSummary) -> Iterator[Text]:
    if branch.seed:
        names = ", ".join(PurePath(file.file).name for file in branch.seed)
        yield Text(f"  seed   {wording.seed(branch)}: {names}")
    for table in branch.seeded[:_TABLES_SHOWN]:
        yield Text(f"  seed   {wording.seeded(table)}")
    if len(branch.seeded) > _TABLES_SHOWN:
        more = len(branch.seeded) - _TABLES_SHOWN
        yield Text(f"  seed   … and {more} more tables; --json shows all", style="dim")


def _setting_lines(branch: BranchSummary) -> Iterator[Text]:
    settings = branch.settings
    for change in settings.changes if settings else ():
        told = wording.setting(change, done=bool(settings and settings.done))
        if change.refused:
            yield Text(f"  ✗ setting {told}", style="red")
        else:
            yield Text(f"  setting {told}")


def _reason(branch: BranchSummary) -> Reason | None:
    done = branch.finished
    return (done.reason, done.remedy, bool(done.code)) if done and done.reason else None


def _shared(summary: Summary) -> dict[Reason, list[str]]:
    """What several branches tell for the same reason is told once, after them."""
    names: dict[Reason, list[str]] = {}
    for branch in summary.branches.values():
        reason = _reason(branch)
        if reason and reason[2]:
            names.setdefault(reason, []).append(branch.name)
    return {reason: found for reason, found in names.items() if len(found) > 1}


def _lines_of(reason: Reason) -> Iterator[Text]:
    text, remedy, bad = reason
    yield Text(_safe(text), style="red" if bad else "")
    if remedy:
        yield Text(f"→ {_safe(remedy)}")


def _safe(text: str) -> str:
    return wording.harmless(text, lines=True)


def _print_reasons(name: str, reason: Reason, console: Console) -> None:
    for line in _lines_of(reason):
        console.print(Text(f"{name}: ").append_text(line), soft_wrap=True)
