"""What the history tells of runs, as frozen values.

Times are seconds since the epoch, spans seconds. A run is one command, or one job of the service,
over one branch or several. One that was interrupted and taken up again under its id has an attempt
for each time.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum

from supasync.events import COMMAND

SILENT_SECONDS = 90.0
"""After so long without a word from a run it counts as interrupted."""


class State(StrEnum):
    """INTERRUPTED: no end is recorded, and it is not running: its process was killed, or lost."""

    RUNNING = "running"
    INTERRUPTED = "interrupted"
    ENDED = "ended"


NOT_ENDED = {
    State.RUNNING: "it is still running",
    State.INTERRUPTED: "no end of this run is recorded: its process was killed, or lost",
}


_FOLLOWING = re.compile(r"(\d{8}T\d{6}Z-[0-9a-f]+)-\d+")


def following(run_id: str, number: int) -> str:
    """The id of the run with this number, from 1, of those that began with `run_id`."""
    return run_id if number == 1 else f"{run_id}-{number}"


def first_run(run_id: str) -> str:
    """The id of the run that this one followed, or its own."""
    found = _FOLLOWING.fullmatch(run_id)
    return found[1] if found else run_id


@dataclass(frozen=True, kw_only=True)
class Begun:
    """What is known of a run when it begins. by: `alice@laptop (process 4711)`."""

    id: str
    command: str
    branches: tuple[str, ...]
    at: float
    trigger: str = COMMAND
    by: str = ""
    source: str = "main"
    dry_run: bool = False


@dataclass(frozen=True, kw_only=True)
class PhaseTime:
    """ok is False when the phase failed. note: what it found."""

    phase: str
    seconds: float
    ok: bool = True
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Step:
    """verb: create, alter or drop. hazards: their names."""

    verb: str
    object: str
    fields: tuple[str, ...] = ()
    hazards: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Login:
    """A test user's login. action: found, created or repaired; ok: a real session was made."""

    email: str
    role: str
    login: str
    action: str
    ok: bool
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class BranchRun:
    """A branch's part of a run.

    number: its place in the history, for `History.runs(before=…)`. ended, seconds, code: None for a
    run whose end is not recorded, which says nothing of the schema: its verdict is `Unknown`.
    state: of the whole run. heard: when it last said that it is running; None in old records.
    verdict: None when the run was not about the schema. main, before, after: fingerprints of
    production, and of the branch at the plan and at the end; "" where not known. left_out: steps
    of the plan beyond those that are kept. api_calls: requests of the whole run.
    """

    number: int
    run_id: str
    attempt: int
    command: str
    trigger: str
    by: str
    branch: str
    ref: str
    started: float
    ended: float | None
    state: State
    heard: float | None
    seconds: float | None
    verdict: str | None
    code: int | None
    changed: bool
    reason: str
    remedy: str
    error: str
    api_calls: int
    sql_calls: int
    phases: tuple[PhaseTime, ...] = ()
    main: str = ""
    before: str = ""
    after: str = ""
    steps: tuple[Step, ...] = ()
    left_out: int = 0
    seeds: tuple[str, ...] = ()
    logins: tuple[Login, ...] = ()
    notices: tuple[str, ...] = ()

    @property
    def succeeded(self) -> bool:
        return self.code == 0


@dataclass(frozen=True, kw_only=True)
class RunRecord:
    """One attempt of a run. state, heard: as BranchRun has them. routes: requests by
    `METHOD /route/{template}`."""

    number: int
    id: str
    attempt: int
    command: str
    source: str
    dry_run: bool
    trigger: str
    by: str
    started: float
    ended: float | None
    state: State
    heard: float | None
    seconds: float | None
    exit_code: int | None
    api_calls: int
    sql_calls: int
    routes: dict[str, int] = field(default_factory=dict)
    branches: tuple[BranchRun, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Statistics:
    """Of the syncs that ended since a time. branch: None for all. A run counts once, with those
    that followed it, as its last attempt ended.

    success_rate: None without a sync. p50, p95: of the seconds to converge, which run from the
    beginning of a branch's first sync after a good one to the end of the next good one; None
    when none converged. unknown_seconds: how long a sync's end, or its missing end, left it
    unknown what the schema is; of all branches together.
    """

    branch: str | None
    since: float
    syncs: int
    succeeded: int
    p50: float | None
    p95: float | None
    unknown_seconds: float

    @property
    def success_rate(self) -> float | None:
        return self.succeeded / self.syncs if self.syncs else None
