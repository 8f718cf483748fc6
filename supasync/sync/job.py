"""What a command asks of each branch."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from supasync.config import Branch


class Users(Enum):
    """LEAVE them alone, VERIFY that they can log in, or ENSURE it by creating and repairing."""

    LEAVE = "leave"
    VERIFY = "verify"
    ENSURE = "ensure"


@dataclass(frozen=True, kw_only=True)
class Job:
    """write: carry the plan out. Else the schema is only compared."""

    command: str
    schema: bool = False
    write: bool = False
    seed: bool = False
    users: Users = Users.LEAVE
    by_config: bool = False
    """auto_sync_schema and seed_on_sync of the branch decide about schema and seed."""

    def for_branch(self, settings: Branch) -> Job:
        """The job as it applies to a branch with these settings."""
        if not self.by_config:
            return self
        return Job(
            command=self.command,
            schema=self.schema and settings.auto_sync_schema,
            write=self.write,
            seed=self.seed and settings.seed_on_sync,
            users=self.users,
        )


SYNC = Job(
    command="branches sync", schema=True, write=True, seed=True, users=Users.ENSURE, by_config=True
)
SYNC_DRY_RUN = Job(command="branches sync --dry-run", schema=True, by_config=True)
DIFF = Job(command="branches diff", schema=True)
STATUS = Job(command="branches status", schema=True)
SEED_RUN = Job(command="seed run", seed=True, write=True)
USERS_VERIFY = Job(command="users verify", users=Users.VERIFY)
