"""The events of a run, as frozen values.

`branch` is the branch's name, or `main` for the one reading of production. Times are seconds;
`at` is seconds since the epoch.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

COMMAND = "command"
"""The trigger of a run that somebody typed; the service's are its jobs': `push`, `drift`."""


class Phase(StrEnum):
    """The phases of a branch's sync, in their order; and what else takes its time."""

    READY = "ready"
    OBSERVE = "observe"
    REPLAY = "replay"
    PLAN = "plan"
    GUARD = "guard"
    APPLY = "apply"
    DATA = "data"
    SEED = "seed"
    SETTINGS = "settings"
    USERS = "users"
    WITNESS = "witness"
    RECORD = "record"


class Verdict(StrEnum):
    """What is known about a branch's schema. Synced is only ever said of what was proved."""

    SYNCED = "Synced"
    OUT_OF_SYNC = "OutOfSync"
    UNKNOWN = "Unknown"


@dataclass(frozen=True, kw_only=True)
class RunStarted:
    run_id: str
    command: str
    source: str
    branches: tuple[str, ...]
    dry_run: bool
    at: float


@dataclass(frozen=True, kw_only=True)
class PhaseStarted:
    branch: str
    phase: Phase


@dataclass(frozen=True, kw_only=True)
class PhaseFinished:
    """note: what the phase found, for people; ok is False when it raised."""

    branch: str
    phase: Phase
    seconds: float
    note: str = ""
    ok: bool = True


@dataclass(frozen=True, kw_only=True)
class HazardSeen:
    """name: `data-loss`, `table-rewrite`, …"""

    name: str
    message: str


@dataclass(frozen=True, kw_only=True)
class PlannedStep:
    """verb: create, alter or drop; object: `TABLE public.users`; fields: what an alter changes."""

    verb: str
    object: str
    fields: tuple[str, ...] = ()
    hazards: tuple[HazardSeen, ...] = ()


@dataclass(frozen=True, kw_only=True)
class PlanMade:
    """objects, target_objects: how many source and target have; dropped: how many of the target's
    the source has not; unmodelled: count per catalog relation nobody compares;
    reparsed: objects that are equal once PostgreSQL has read its own text again."""

    branch: str
    steps: tuple[PlannedStep, ...]
    objects: int
    target_objects: int = 0
    dropped: int = 0
    hazards: tuple[HazardSeen, ...] = ()
    cannot_apply: tuple[str, ...] = ()
    reparsed: tuple[str, ...] = ()
    unmodelled: Mapping[str, int] = field(default_factory=dict)
    source_fingerprint: str = ""
    target_fingerprint: str = ""
    sql: str = ""


@dataclass(frozen=True, kw_only=True)
class RowsCopied:
    """A listed table of production. columns: what is read of it; masked: the mask of each column
    that has one. rows: how many there are to copy, None where that was not looked at. read: rows
    that came from production, in so many pages; written: rows that the branch got."""

    branch: str
    table: str
    columns: tuple[str, ...]
    masked: Mapping[str, str] = field(default_factory=dict)
    limit: int | None = None
    rows: int | None = None
    read: int = 0
    pages: int = 0
    written: int = 0


@dataclass(frozen=True, kw_only=True)
class SeedFileRun:
    """statements: None when no parser was there to count them. rows: of a .csv or .json file."""

    branch: str
    file: str
    statements: int | None
    rows: int | None = None


@dataclass(frozen=True, kw_only=True)
class TableSeeded:
    """A table that the seed, or what it set off, has written. rows: that it has now; the others:
    what the seed's transaction did, as the server counts it."""

    branch: str
    table: str
    rows: int
    inserted: int
    updated: int
    deleted: int


@dataclass(frozen=True, kw_only=True)
class SettingChange:
    """name: `auth.site_url`. before: the branch's value; after: production's; as they are shown.
    refused: why it is not copied; "" when it is."""

    name: str
    before: str
    after: str
    refused: str = ""


@dataclass(frozen=True, kw_only=True)
class SettingsPlanned:
    """The settings of services that a sync copies; done: it has."""

    branch: str
    changes: tuple[SettingChange, ...]
    done: bool


@dataclass(frozen=True, kw_only=True)
class Expected:
    """How many rows of a table a test user sees. found: None where that could not be asked; known:
    whether that says something about the user. reason: what is wrong; "" when nothing is."""

    table: str
    rows: int
    found: int | None
    reason: str = ""
    known: bool = True


@dataclass(frozen=True, kw_only=True)
class UserVerified:
    """action: found, created or repaired; ok: a real session was made, says the right role, and
    sees what it is expected to."""

    branch: str
    email: str
    role: str
    login: str
    action: str
    ok: bool
    reason: str = ""
    expected: tuple[Expected, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Notice:
    """Something people should know that changes no verdict."""

    branch: str
    message: str


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """What the platform does to a branch meanwhile, which the message names; for those who wait,
    and not kept."""

    branch: str
    message: str


@dataclass(frozen=True, kw_only=True)
class BranchFinished:
    """verdict: None when the command did not look at the schema.

    changed: the schema was altered. code: the exit code this branch alone would give.
    """

    branch: str
    ref: str
    verdict: Verdict | None
    seconds: float
    changed: bool = False
    reason: str = ""
    remedy: str = ""
    error: str = ""
    code: int = 0
    sql_calls: int = 0


@dataclass(frozen=True, kw_only=True)
class ApiCalls:
    """Requests sent in the whole run, retries included, by `METHOD /route/{template}`."""

    calls: Mapping[str, int]


@dataclass(frozen=True, kw_only=True)
class RunFinished:
    run_id: str
    seconds: float
    exit_code: int
    at: float


Event = (
    RunStarted
    | PhaseStarted
    | PhaseFinished
    | PlanMade
    | RowsCopied
    | SeedFileRun
    | TableSeeded
    | SettingsPlanned
    | UserVerified
    | Notice
    | Waiting
    | BranchFinished
    | ApiCalls
    | RunFinished
)

Emit = Callable[[Event], None]
