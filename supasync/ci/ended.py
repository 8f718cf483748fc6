"""How a job's command ended, as a value, and what follows for the steps after it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from supasync.events import BranchSummary, Summary, Validation, Verdict

Mode: TypeAlias = Literal["plan", "sync", "validate"]
UNKNOWN = "Unknown"
_DIFFERENT = 1


@dataclass(frozen=True, kw_only=True)
class Failure:
    """What ended the command before its end."""

    message: str
    remedy: str = ""


@dataclass(frozen=True, kw_only=True)
class Ended:
    """code: the process's exit code. config: the configuration's file, relative to the repository
    where it is in it. names: the branches that were named. summary: of plan and sync, as far as
    they came; validation: of validate."""

    mode: Mode
    code: int
    config: str
    names: tuple[str, ...] = ()
    summary: Summary | None = None
    validation: Validation | None = None
    failure: Failure | None = None

    @property
    def result(self) -> str:
        """Pass or Fail, Synced or OutOfSync; Unknown where it was not found out. A branch whose
        schema was not to be looked at counts neither way."""
        if self.validation is not None:
            return self.validation.health
        seen = {
            done and done.verdict
            for done in (branch.finished for branch in self._branches)
            if done is None or done.verdict is not None or done.code
        }
        if Verdict.OUT_OF_SYNC in seen:
            return Verdict.OUT_OF_SYNC
        good = seen == {Verdict.SYNCED} and self.failure is None
        return Verdict.SYNCED if good else UNKNOWN

    @property
    def outputs(self) -> Mapping[str, str]:
        """Our own words and numbers only: nothing of a database is among them."""
        plans = [branch.plan for branch in self._branches if branch.plan]
        changed = any(branch.finished and branch.finished.changed for branch in self._branches)
        return {
            "result": self.result,
            "changed": str(changed).lower(),
            "branches-out-of-sync": str(sum(map(_out_of_sync, self._branches))),
            "differences": str(sum(len(plan.steps) for plan in plans)),
            "hazards": str(sum(len(plan.hazards) for plan in plans)),
        }

    @property
    def _branches(self) -> list[BranchSummary]:
        return list(self.summary.branches.values()) if self.summary else []


def only_different(branch: BranchSummary) -> bool:
    """Whether nothing went wrong, and a sync would change the branch."""
    done = branch.finished
    if done is None or branch.plan is None or not branch.plan.steps:
        return False
    return done.code == _DIFFERENT and not done.changed and not done.remedy


def _out_of_sync(branch: BranchSummary) -> bool:
    return branch.finished is not None and branch.finished.verdict is Verdict.OUT_OF_SYNC
