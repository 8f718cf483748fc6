"""How a branch's part of a run ended: the verdict, the reason and the exit code."""

from __future__ import annotations

import time
from collections.abc import Sequence

from supasync.errors import LeaseHeld, SupasyncError, UnknownError, UsageError
from supasync.events import BranchFinished, Verdict

INTERRUPTED = 130
_REPORT = "This is a fault of supasync. Run it again with --debug to see where it comes from."
_DIFFERS = "differs from the source"
_SHOWN = 10


class Outcome:
    """Filled while a branch is worked on; becomes its BranchFinished.

    equal: None until both schemas were read; then whether they are equal.
    """

    def __init__(self, branch: str) -> None:
        self.branch, self.ref = branch, ""
        self.equal: bool | None = None
        self.changed = False
        self.changed_by_seed: tuple[str, ...] = ()
        self.sql_calls = 0
        self._started = time.monotonic()

    def succeeded(self, *, code: int) -> BranchFinished:
        """code: the exit code for "different", which a dry run does not count as a failure."""
        if self.equal is None:
            return self._finished(None)
        if self.equal:
            return self._finished(Verdict.SYNCED)
        if not self.changed_by_seed:
            return self._finished(Verdict.OUT_OF_SYNC, reason=_DIFFERS, code=code)
        shown = ", ".join(self.changed_by_seed[:_SHOWN])
        more = len(self.changed_by_seed) - _SHOWN
        return self._finished(
            Verdict.OUT_OF_SYNC,
            reason=f"the seed changed the schema: {shown}"
            + (f" and {more} more" if more > 0 else ""),
            remedy="Make these on production, or take them out of the seed.",
            code=code,
        )

    def failed(self, error: Exception, *, schema: bool) -> BranchFinished:
        """schema: the command was about the schema, so it owes a verdict."""
        verdict = verdict_of(error) if schema else None
        if verdict is Verdict.OUT_OF_SYNC and self.equal is None:
            verdict = Verdict.UNKNOWN  # it was refused, or failed, before anything was compared
        if isinstance(error, SupasyncError):
            reason, remedy = error.message, error.remedy or ""
        else:
            reason, remedy = f"{type(error).__name__}: {error}", _REPORT
        return self._finished(
            verdict,
            reason=reason,
            remedy=remedy,
            error=type(error).__name__,
            code=code_of(error),
        )

    def interrupted(self, *, schema: bool) -> BranchFinished:
        """What came of a write that was under way is told in a notice by whoever wrote."""
        return self._finished(
            Verdict.UNKNOWN if schema else None,
            reason="interrupted after the schema was changed" if self.changed else "interrupted",
            remedy="Run the command again: it goes on from what is there.",
            error="Interrupted",
            code=INTERRUPTED,
        )

    def _finished(
        self,
        verdict: Verdict | None,
        *,
        reason: str = "",
        remedy: str = "",
        error: str = "",
        code: int = 0,
    ) -> BranchFinished:
        return BranchFinished(
            branch=self.branch,
            ref=self.ref,
            verdict=verdict,
            seconds=time.monotonic() - self._started,
            changed=self.changed,
            reason=reason,
            remedy=remedy,
            error=error,
            code=code,
            sql_calls=self.sql_calls,
        )


def verdict_of(error: Exception) -> Verdict:
    """Unknown for a failure that says nothing about the branch, and for an unexpected one."""
    if isinstance(error, SupasyncError) and not isinstance(
        error, UnknownError | LeaseHeld | UsageError
    ):
        return Verdict.OUT_OF_SYNC
    return Verdict.UNKNOWN


def code_of(error: Exception) -> int:
    return error.exit_code if isinstance(error, SupasyncError) else UnknownError.exit_code


def code_of_run(codes: Sequence[int]) -> int:
    """0 when all are; the one code when all failures agree; else 3 when one of them is unknown;
    else the greatest."""
    failures = {code for code in codes if code}
    if len(failures) > 1 and UnknownError.exit_code in failures:
        return UnknownError.exit_code
    return max(failures, default=0)
