"""Past runs for people: a line each, one in full, and how reliable they were."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime

from rich.console import Console
from rich.text import Text

from supasync.events import PlannedStep, Verdict
from supasync.history import BranchRun, RunRecord, State, Statistics
from supasync.report import columns, wording

_RUNS = ("run", "began (UTC)", "trigger", "branch", "verdict", "changes", "API calls", "time")
_STATISTICS = ("branch", "syncs", "succeeded", "p50 to converge", "p95", "in Unknown")
_STEPS_SHOWN = 40


def print_runs(runs: Sequence[BranchRun], console: Console) -> None:
    """A line for each branch of each run, and why those failed that did."""
    if not runs:
        console.print("No run is recorded.")
        return
    table = columns.table(_RUNS, console)
    for run in runs:
        table.add_row(
            run.run_id + (f" #{run.attempt}" if run.attempt > 1 else ""),
            _moment(run.started),
            wording.harmless(run.trigger) or "–",
            wording.harmless(run.branch),
            _verdict(run),
            _changes(run),
            str(run.api_calls) if run.ended else "",
            _span(run.seconds),
        )
    console.print(table)
    for run in runs:
        if run.reason and not run.succeeded and run.state is not State.RUNNING:
            told = f"{run.run_id}  {run.branch}: {run.reason}"
            console.print(Text(wording.harmless(told, lines=True)), soft_wrap=True)


def print_statistics(found: Iterable[Statistics], console: Console) -> None:
    table = columns.table(_STATISTICS, console)
    for each in found:
        rate = each.success_rate
        table.add_row(
            "all" if each.branch is None else wording.harmless(each.branch),
            str(each.syncs),
            "–" if rate is None else f"{each.succeeded} ({rate:.1%})",
            _span(each.p50),
            _span(each.p95),
            _span(each.unknown_seconds),
        )
    console.print(table)


def print_run(attempts: Sequence[RunRecord], console: Console) -> None:
    """The newest attempt in full, and a line on each before it. attempts: oldest first."""
    run = attempts[-1]
    told = f"  {run.command}{', dry run' if run.dry_run else ''}"
    console.print(Text(run.id, style="bold").append(told), soft_wrap=True)
    for name, value in _facts(run):
        console.print(Text(f"  {name:<8} {wording.harmless(value)}"), soft_wrap=True)
    for earlier in attempts[:-1]:
        how = f"attempt {earlier.attempt}, {_moment(earlier.started)} UTC: {_ended(earlier)}"
        console.print(Text(f"  earlier  {how}"), soft_wrap=True)
    for branch in run.branches:
        console.print()
        for line in _branch_lines(branch):
            console.print(line, soft_wrap=True)


def _facts(run: RunRecord) -> Iterator[tuple[str, str]]:
    yield "began", f"{_moment(run.started)} UTC"
    yield "trigger", run.trigger or "not recorded"
    if run.by:
        yield "by", run.by
    yield "ended", _ended(run)
    if run.ended is not None:
        theirs = sum(branch.sql_calls for branch in run.branches)
        yield "calls", f"{run.api_calls} of the API ({run.sql_calls} SQL, {theirs} to branches)"


def _ended(run: RunRecord) -> str:
    if run.state is State.RUNNING:
        return "not yet: it is running"
    if run.state is State.INTERRUPTED:
        heard = f"; last heard of at {_moment(run.heard)} UTC" if run.heard else ""
        return f"interrupted: its process was killed, or lost{heard}"
    return f"after {_span(run.seconds)}, exit code {run.exit_code}"


def _branch_lines(run: BranchRun) -> Iterator[Text]:
    head = Text(wording.harmless(run.branch), style="bold").append("  ")
    yield head.append_text(_verdict(run)).append(f"  {_changes(run)}  {_span(run.seconds)}")
    if run.main:
        yield Text(f"  main   {run.main}", style="dim")
        yield Text(f"  branch {run.before} → {run.after or 'not known'}", style="dim")
    yield from _step_lines(run)
    if run.seeds:
        yield Text(f"  seed   {wording.harmless(', '.join(run.seeds))}")
    for user in run.logins:
        mark = Text("✓", style="green") if user.ok else Text("✗", style="red")
        told = f" {user.email}  {user.role}, {user.login.replace('_', ' ')}, {user.action}"
        yield Text("  user   ").append_text(mark).append(wording.harmless(told))
    if run.phases:
        times = (f"{each.phase} {_span(each.seconds)}" for each in run.phases)
        yield Text(f"  time   {' · '.join(times)}", style="dim")
    yield from (Text(f"  note   {wording.harmless(note)}") for note in run.notices)
    if run.reason:
        yield Text(f"  {wording.harmless(run.reason, lines=True)}", style="red" if run.code else "")
    if run.remedy:
        yield Text(f"  → {wording.harmless(run.remedy, lines=True)}")


def _step_lines(run: BranchRun) -> Iterator[Text]:
    lines = wording.steps(
        [PlannedStep(verb=each.verb, object=each.object, fields=each.fields) for each in run.steps]
    )
    yield from (Text(f"  {line}") for line in lines[:_STEPS_SHOWN])
    if more := max(0, len(lines) - _STEPS_SHOWN) + run.left_out:
        yield Text(f"  … and {more} more; --json shows those that are kept", style="dim")
    if names := sorted({name for each in run.steps for name in each.hazards}):
        yield Text(f"  ! {', '.join(names)}", style="yellow")


def _verdict(run: BranchRun) -> Text:
    if run.state is State.RUNNING:
        return Text(State.RUNNING, style="bold cyan")
    if run.verdict == Verdict.UNKNOWN:
        how = f", {run.state}" if run.state is State.INTERRUPTED else ""
        return Text(f"{run.verdict}{how}", style="bold yellow")
    style = "bold green" if run.succeeded else "bold red"
    return Text(run.verdict or ("done" if run.succeeded else "failed"), style=style)


def _changes(run: BranchRun) -> str:
    if run.changed:
        return f"{len(run.steps) + run.left_out} applied"
    return "none" if run.ended else ""


def _moment(at: float) -> str:
    return f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d %H:%M:%S}"


def _span(value: float | None) -> str:
    if value is None:
        return "–"
    for unit, size in (("d", 86_400.0), ("h", 3600.0), ("min", 60.0)):
        if value >= 2 * size:
            return f"{value / size:.1f} {unit}"
    return wording.seconds(value)
