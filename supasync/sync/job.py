"""What a command asks of each branch."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum

from supasync.config import Branch
from supasync.sync.strategy import Strategy


class Users(Enum):
    """LEAVE them alone, VERIFY that they can log in, or ENSURE it by creating and repairing."""

    LEAVE = "leave"
    VERIFY = "verify"
    ENSURE = "ensure"


@dataclass(frozen=True, kw_only=True)
class Undo:
    """Which of the schemas that are kept: that before the last sync but `steps` - 1, or that
    before the run whose id begins with `before`."""

    steps: int = 1
    before: str = ""


@dataclass(frozen=True, kw_only=True)
class Job:
    """write: carry the plan out. Else the schema is only compared."""

    command: str
    source: str = "main"
    """Whose schema it is about."""
    undo: Undo | None = None
    schema: bool = False
    write: bool = False
    seed: bool = False
    data: bool = False
    """Rows of production where the branch's auto_sync_data says so."""
    settings: bool = False
    """The settings that the configuration lists are copied, or what that would change is shown."""
    users: Users = Users.LEAVE
    different: int = 1
    """The exit code when a branch is not in sync at the end."""
    past: bool = False
    """The history's word on the branches' last syncs is shown."""
    strategy: Strategy = Strategy.RECONCILE
    by_config: bool = False
    """auto_sync_schema, auto_sync_data and seed_on_sync of the branch decide about each."""

    @property
    def anew(self) -> bool:
        """Whether all rows of a branch are lost."""
        return self.strategy is not Strategy.RECONCILE

    def for_branch(self, settings: Branch) -> Job:
        """The job as it applies to a branch with these settings."""
        if not self.by_config:
            return self
        return replace(
            self,
            schema=self.schema and settings.auto_sync_schema,
            seed=self.seed and settings.seed_on_sync,
            data=self.data and settings.auto_sync_data,
        )


SYNC = Job(
    command="branches sync",
    schema=True,
    write=True,
    data=True,
    seed=True,
    settings=True,
    users=Users.ENSURE,
    by_config=True,
)
SYNC_DRY_RUN = Job(
    command="branches sync", schema=True, data=True, settings=True, by_config=True, different=0
)
DIFF = Job(command="branches diff", schema=True)
STATUS = Job(command="branches status", schema=True, past=True)
SEED_RUN = Job(command="seed run", seed=True, write=True)
USERS_ENSURE = Job(command="users ensure", users=Users.ENSURE, write=True)
USERS_VERIFY = Job(command="users verify", users=Users.VERIFY)


def sync(strategy: Strategy, *, dry_run: bool) -> Job:
    return replace(SYNC_DRY_RUN if dry_run else SYNC, strategy=strategy)


def undo(which: Undo, *, dry_run: bool) -> Job:
    return Job(command="branches undo", source="past", undo=which, write=not dry_run)
