"""A run's events folded into one value: what JSON prints, text renders and the history keeps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from supasync.events.model import (
    ApiCalls,
    BranchFinished,
    Event,
    Notice,
    PhaseFinished,
    PlanMade,
    RowsCopied,
    RunFinished,
    RunStarted,
    SeedFileRun,
    SettingsPlanned,
    TableSeeded,
    UserVerified,
)
from supasync.events.past import LastSync


@dataclass
class BranchSummary:
    """What the run's events say about one branch, so far."""

    name: str
    phases: list[PhaseFinished] = field(default_factory=list)
    plan: PlanMade | None = None
    data: list[RowsCopied] = field(default_factory=list)
    seed: list[SeedFileRun] = field(default_factory=list)
    seeded: list[TableSeeded] = field(default_factory=list)
    settings: SettingsPlanned | None = None
    users: list[UserVerified] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    finished: BranchFinished | None = None
    last_sync: LastSync | None = None
    """Of an earlier run; only `status` looks it up."""

    def add(self, event: Event) -> None:
        match event:
            case PhaseFinished():
                self.phases.append(event)
            case PlanMade():
                self.plan = event
            case RowsCopied():
                self.data.append(event)
            case SeedFileRun():
                self.seed.append(event)
            case TableSeeded():
                self.seeded.append(event)
            case SettingsPlanned():
                self.settings = event
            case UserVerified():
                self.users.append(event)
            case Notice():
                self.notices.append(event.message)
            case BranchFinished():
                self.finished = event
            case _:
                pass  # progress only

    def to_json(self, *, sql: bool = True) -> dict[str, Any]:
        done = self.finished
        return {
            "name": self.name,
            "ref": done.ref if done else "",
            "verdict": done.verdict if done else None,
            "changed": done.changed if done else False,
            "reason": done.reason if done else "",
            "remedy": done.remedy if done else "",
            "error": done.error if done else "",
            "code": done.code if done else None,
            "seconds": round(done.seconds, 3) if done else None,
            "sql_calls": done.sql_calls if done else 0,
            "phases": [_phase(phase) for phase in self.phases],
            "plan": _plan(self.plan, sql=sql) if self.plan else None,
            "data": [_without_branch(table) for table in self.data],
            "seed": [_without_branch(file) for file in self.seed],
            "seeded": [_without_branch(table) for table in self.seeded],
            "settings": _settings(self.settings),
            "users": [_without_branch(user) for user in self.users],
            "notices": list(self.notices),
            **({"last_sync": asdict(self.last_sync)} if self.last_sync else {}),
        }


@dataclass
class Summary:
    """A reader of events. `main` is kept apart from the branches."""

    started: RunStarted | None = None
    finished: RunFinished | None = None
    source: BranchSummary = field(default_factory=lambda: BranchSummary("main"))
    branches: dict[str, BranchSummary] = field(default_factory=dict)
    calls: Mapping[str, int] = field(default_factory=dict)

    def __call__(self, event: Event) -> None:
        match event:
            case RunStarted():
                self.started = event
                self.source = BranchSummary(event.source)
                self.branches = {name: BranchSummary(name) for name in event.branches}
            case RunFinished():
                self.finished = event
            case ApiCalls():
                self.calls = dict(event.calls)
            case _:
                self.of(event.branch).add(event)

    def of(self, branch: str) -> BranchSummary:
        """The branch's part; the source's when the name is no branch of the run."""
        return self.branches.get(branch, self.source)

    def remember(self, last_syncs: Mapping[str, LastSync]) -> None:
        for name, branch in self.branches.items():
            branch.last_sync = last_syncs.get(name)

    @property
    def sql_calls(self) -> int:
        return sum(count for route, count in self.calls.items() if "/database/query" in route)

    def to_json(self, *, sql: bool = True) -> dict[str, Any]:
        """sql: with the SQL of each plan, which is as large as the change."""
        start, end = self.started, self.finished
        return {
            "run": {
                "id": start.run_id if start else "",
                "command": start.command if start else "",
                "source": start.source if start else "",
                "dry_run": start.dry_run if start else False,
                "started_at": start.at if start else None,
                "seconds": round(end.seconds, 3) if end else None,
                "exit_code": end.exit_code if end else None,
            },
            "api_calls": {
                "total": sum(self.calls.values()),
                "sql": self.sql_calls,
                "routes": dict(sorted(self.calls.items())),
            },
            "main": {"phases": [_phase(phase) for phase in self.source.phases]},
            "branches": [branch.to_json(sql=sql) for branch in self.branches.values()],
        }


def _phase(phase: PhaseFinished) -> dict[str, Any]:
    return {
        "phase": phase.phase,
        "seconds": round(phase.seconds, 3),
        "note": phase.note,
        "ok": phase.ok,
    }


def _settings(settings: SettingsPlanned | None) -> list[dict[str, Any]]:
    if settings is None:
        return []
    return [{**asdict(each), "copied": settings.done} for each in settings.changes]


def _plan(plan: PlanMade, *, sql: bool) -> dict[str, Any]:
    fields = _without_branch(plan)
    if not sql:
        del fields["sql"]
    return fields


def _without_branch(
    event: PlanMade | RowsCopied | SeedFileRun | TableSeeded | UserVerified,
) -> dict[str, Any]:
    fields = asdict(event)
    del fields["branch"]
    return fields
