"""A finished run for people: what changed per branch, and a table of all."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePath

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from supasync.events import BranchSummary, PlanMade, Summary
from supasync.report import wording

_STEPS_SHOWN = 40


def print_run(summary: Summary, console: Console, *, sql: bool = False) -> None:
    """sql: also the plan's script."""
    for branch in summary.branches.values():
        for line in branch_lines(branch):
            console.print(line, soft_wrap=True)
        if sql and branch.plan and branch.plan.sql:
            console.print(Text(branch.plan.sql.rstrip()), soft_wrap=True)
        console.print()
    if len(summary.branches) > 1:
        console.print(table(summary, console))
    if calls := wording.calls(summary):
        console.print(calls, highlight=False)


def print_status(summary: Summary, console: Console) -> None:
    """The table alone, and why a branch is not in sync."""
    console.print(table(summary, console))
    for branch in summary.branches.values():
        for line in _reasons(branch):
            console.print(Text(f"{branch.name}: ").append_text(line), soft_wrap=True)


def branch_lines(branch: BranchSummary) -> Iterator[Text]:
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
    if branch.seed:
        names = ", ".join(PurePath(file.file).name for file in branch.seed)
        yield Text(f"  seed   {wording.seed(branch)}: {names}")
    for user in branch.users:
        mark = Text("✓", style="green") if user.ok else Text("✗", style="red")
        text = f" {user.email}  {user.role}, {user.login.replace('_', ' ')}, {user.action}"
        yield Text("  user   ").append_text(mark).append(text)
    if branch.phases:
        yield Text(f"  time   {wording.phases(branch)}", style="dim")
    yield from (Text(f"  note   {note}") for note in branch.notices)
    yield from (Text("  ").append_text(line) for line in _reasons(branch))


def table(summary: Summary, console: Console) -> Table:
    """One row per branch; without lines when the output is no terminal."""
    grid = Table(
        box=box.SIMPLE_HEAD if console.is_terminal else None,
        show_edge=False,
        pad_edge=False,
        header_style="bold",
    )
    for name in ("branch", "verdict", "schema", "seed", "users", "SQL calls", "time"):
        grid.add_column(name, no_wrap=True)
    for branch in summary.branches.values():
        done = branch.finished
        grid.add_row(
            branch.name,
            Text(wording.verdict(branch), style=wording.style(branch)),
            wording.changes(branch),
            wording.seed(branch),
            wording.users(branch),
            str(done.sql_calls) if done else "",
            wording.seconds(done.seconds) if done else "",
        )
    return grid


def _plan_lines(plan: PlanMade) -> Iterator[Text]:
    lines = wording.steps(plan.steps)
    styles = {"+": "green", "-": "red", "~": "yellow"}
    for line in lines[:_STEPS_SHOWN]:
        yield Text(f"  {line}", style=styles.get(line[0], ""))
    if len(lines) > _STEPS_SHOWN:
        yield Text(f"  … and {len(lines) - _STEPS_SHOWN} more; --json shows all", style="dim")
    for hazard in plan.hazards:
        yield Text(f"  ! {hazard.name}: {hazard.message}", style="yellow")
    for refused in plan.cannot_apply:
        yield Text(f"  ✗ cannot apply: {refused}", style="red")
    if plan.reparsed:
        yield Text(f"  = equal after re-parse: {', '.join(plan.reparsed)}", style="dim")
    if plan.unmodelled:
        found = ", ".join(f"{count} in {where}" for where, count in plan.unmodelled.items())
        yield Text(f"  ? not compared: {found}", style="yellow")


def _reasons(branch: BranchSummary) -> Iterator[Text]:
    done = branch.finished
    if done is None or not done.reason:
        return
    yield Text(done.reason, style="red" if done.code else "")
    if done.remedy:
        yield Text(f"→ {done.remedy}")
