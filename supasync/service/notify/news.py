"""What is worth telling: that syncs begin to fail, that they succeed again, that a branch differs.

Each is told when it begins, and not again as long as it lasts, also not after a restart.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace

from supasync.config import Occasion
from supasync.events import Verdict
from supasync.ports import Clock, Store
from supasync.service.board import Finding
from supasync.service.worker import Ran

logger = logging.getLogger(__name__)

_KEY = "told"


@dataclass(frozen=True, kw_only=True)
class Message:
    """objects: what differs, when the event is `drift`. run: of the sync, in the history.
    at: seconds since the epoch."""

    event: Occasion
    branch: str
    at: float
    sync_status: str = ""
    reason: str = ""
    objects: tuple[str, ...] = ()
    run: str = ""


@dataclass(frozen=True, kw_only=True)
class _Told:
    """What people believe of a branch, after what they were told."""

    failing: bool = False
    differs: bool = False


class News:
    def __init__(self, tell: Callable[[Message], None], store: Store, clock: Clock) -> None:
        self._tell, self._store, self._clock = tell, store, clock
        self._told = _read(store)

    def ran(self, ran: Ran) -> None:
        """A sync has ended; a failure of which another try follows is none yet. A branch that was
        only looked at is well when it is in sync."""
        reported = ran.outcome == "reported"
        if ran.again or (reported and ran.result.verdict != Verdict.SYNCED):
            return
        branch, result = ran.request.branch, ran.result
        before = self._told.get(branch, _Told())
        good = reported or ran.outcome == "succeeded"
        self._keep(branch, _Told(failing=not good, differs=before.differs and not good))
        if good == before.failing:
            self._tell(
                Message(
                    event="recovered" if good else "failed",
                    branch=branch,
                    at=self._clock.now(),
                    sync_status=result.verdict,
                    reason=result.reason,
                    run=result.run,
                )
            )

    def seen(self, finding: Finding) -> None:
        """A branch was looked at. What could not be looked at is no news."""
        if finding.verdict is Verdict.UNKNOWN:
            return
        differs = finding.verdict is Verdict.OUT_OF_SYNC
        before = self._told.get(finding.branch, _Told())
        self._keep(finding.branch, replace(before, differs=differs))
        if differs and not before.differs:
            self._tell(
                Message(
                    event="drift",
                    branch=finding.branch,
                    at=finding.at,
                    sync_status=str(finding.verdict),
                    reason=finding.reason,
                    objects=finding.objects,
                )
            )

    def _keep(self, branch: str, told: _Told) -> None:
        if self._told.get(branch) == told:
            return
        self._told[branch] = told
        try:
            self._store.save(_KEY, {name: asdict(each) for name, each in self._told.items()})
        except OSError as error:  # it would be told once more after a restart
            logger.warning("what was told could not be kept", extra={"reason": str(error)})


def _read(store: Store) -> dict[str, _Told]:
    try:
        return {name: _Told(**each) for name, each in (store.load(_KEY) or {}).items()}
    except TypeError:
        return {}  # written by another version
