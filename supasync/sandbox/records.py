"""What the sandbox knows about its projects, and the file that remembers it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, Self
from uuid import uuid4

from pydantic import TypeAdapter, ValidationError

from supasync.errors import SandboxError
from supasync.sandbox.keys import new_access_token, new_keys, new_ref
from supasync.sandbox.project import Keys
from supasync.sandbox.projectconfig import ProjectConfig

BranchStatus = Literal[
    "CREATING_PROJECT",
    "RUNNING_MIGRATIONS",
    "MIGRATIONS_PASSED",
    "MIGRATIONS_FAILED",
    "FUNCTIONS_DEPLOYED",
]
ProjectStatus = Literal["COMING_UP", "ACTIVE_HEALTHY", "INACTIVE", "INIT_FAILED"]
Plan = Literal["free", "pro"]
StepName = Literal["clone", "pull", "health", "configure", "migrate", "seed", "deploy"]
StepStatus = Literal["CREATED", "DEAD", "EXITED", "PAUSED", "REMOVING", "RESTARTING", "RUNNING"]


def now() -> str:
    """This moment as the API writes it: UTC with milliseconds."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


@dataclass
class Step:
    name: StepName
    status: StepStatus = "CREATED"
    created_at: str = field(default_factory=now)
    updated_at: str = field(default_factory=now)


@dataclass
class Run:
    """One action run: a branch's creation, push or reset."""

    branch_id: str
    steps: list[Step]
    id: str = field(default_factory=lambda: str(uuid4()))
    log: list[str] = field(default_factory=list)
    created_at: str = field(default_factory=now)
    updated_at: str = field(default_factory=now)


@dataclass
class Record:
    """A project or a branch; main is its own default branch, as on the platform."""

    name: str
    ref: str
    keys: Keys
    branch_id: str = field(default_factory=lambda: str(uuid4()))
    is_default: bool = False
    initial: bool = False
    """Made with the sandbox itself, so that a reset makes it again."""
    git_branch: str | None = None
    persistent: bool = False
    notify_url: str | None = None
    status: BranchStatus = "CREATING_PROJECT"
    project_status: ProjectStatus = "COMING_UP"
    created_at: str = field(default_factory=now)
    updated_at: str = field(default_factory=now)
    passwords: dict[str, str] = field(default_factory=dict, repr=False)
    runs: list[Run] = field(default_factory=list)
    config: ProjectConfig = field(default_factory=ProjectConfig)

    @classmethod
    def new(cls, name: str, **fields: Any) -> Self:
        """One with a ref and keys of its own."""
        ref = new_ref()
        return cls(name, ref, new_keys(ref), **fields)

    def touch(self, at: str | None = None) -> None:
        self.updated_at = at or now()


@dataclass
class State:
    access_token: str = field(default_factory=new_access_token, repr=False)
    organization: str = field(default_factory=new_ref)
    main: Record = field(
        default_factory=lambda: Record.new("main", is_default=True, initial=True, persistent=True)
    )
    branches: list[Record] = field(default_factory=list)
    plan: Plan = "pro"
    branching: bool = True
    """Whether it was ever enabled."""


class StateFile:
    """state.json, readable by its owner alone: it holds every key and password."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def load(self) -> State:
        """What was saved, or a new state. Raises: SandboxError when the file is not ours."""
        try:
            return _STATE.validate_json(self.path.read_bytes())
        except FileNotFoundError:
            return State()
        except ValidationError as error:
            raise SandboxError(
                f"{self.path} is not a sandbox's state file.",
                remedy="Name another --data-dir, or remove this one.",
            ) from error

    def save(self, state: State) -> None:
        draft = self.path.with_suffix(".new")
        draft.touch(mode=0o600)
        draft.write_bytes(_STATE.dump_json(state, indent=1))
        draft.replace(self.path)


_STATE = TypeAdapter(State)
