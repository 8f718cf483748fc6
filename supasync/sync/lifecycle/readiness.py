"""Decides from one probe after the other whether a branch is ready. Pure: it is told the time.

Ready is what stays ready: while the platform works on a branch, it comes and goes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from supasync.errors import NotReady
from supasync.sync.lifecycle.states import State

PROBES = 3
"""Good ones in a row, of the same schema, that make a branch ready."""

_AGAIN = "Run the command again; look at the branch in the dashboard if it stays so."
_BRING = (
    "Look at the branch's last run in the dashboard (Branches). If its migrations are finished, "
    "run `supasync branches sync`: it brings what is missing."
)

WAITS: Mapping[str, State] = {
    "platform": State(told="cannot be asked about: the platform fails", seconds=300, remedy=_AGAIN),
    "run": State(
        told="is being worked on by the platform",
        seconds=1200,
        remedy="Look at the branch's last run in the dashboard (Branches).",
    ),
    "sql": State(told="does not answer SQL", seconds=300, remedy=_AGAIN),
    "reset": State(
        told="is still what it was before its reset",
        seconds=1200,
        remedy="Look at the branch's last run in the dashboard (Branches).",
    ),
    "objects": State(
        told="does not have all of production's migrations or tables yet",
        seconds=900,
        remedy=_BRING,
    ),
    "late": State(
        told="does not have all of production's migrations or tables, and the platform's run is "
        "over",
        seconds=60,
        remedy=_BRING,
    ),
    "auth": State(
        told="has no Auth service that answers",
        seconds=300,
        remedy="Restart the branch's project in the dashboard if it stays so.",
    ),
    "settling": State(
        told="is still being changed",
        seconds=300,
        remedy="Wait until nobody changes its schema and run the command again.",
    ),
}
"""What a probe waits for besides the platform's own states, in their order."""


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What one probe saw. word: the platform's word or one of WAITS; "" when all was well.

    schema: a stamp or fingerprint, compared with that of the probe before. told: details.
    """

    word: str = ""
    state: State | None = None
    schema: str = ""
    told: str = ""


@dataclass
class Readiness:
    """The probes of one branch so far. total: seconds after which it is over in any case."""

    name: str
    total: float | None = None
    good: int = 0
    probes: int = 0
    seen: Seen = field(default_factory=Seen)
    _began: float | None = None
    _since: float = 0.0

    def add(self, seen: Seen, at: float) -> bool:
        """Whether the branch is ready. at: monotonic seconds.

        Raises: NotReady when the state's time is over, or all time.
        """
        if self._began is None:
            self._began = self._since = at
        self.probes += 1
        if not seen.word and self.seen.schema and seen.schema != self.seen.schema:
            settling = WAITS["settling"]
            seen = Seen(word="settling", state=settling, schema=seen.schema, told=seen.told)
        if seen.word != self.seen.word:
            self._since = at
        self.good = 0 if seen.word and seen.word != "settling" else self.good + 1
        if seen.word == "settling":
            self.good = 1  # this probe is the first of its schema
        self.seen = seen
        if self.good >= PROBES:
            return True
        self._check(at)
        return False

    def _check(self, at: float) -> None:
        state, waited = self.seen.state, at - self._since
        if state is not None and waited >= state.seconds:
            raise NotReady(self._message(state, waited), remedy=state.remedy)
        if self.total is not None and at - (self._began or 0.0) >= self.total:
            told = self._message(state, waited) if state else f"{self.name} was not ready for long"
            raise NotReady(
                f"{told}; {self.total:.0f} s are over",
                remedy=state.remedy if state else "Give it more time with --timeout.",
            )

    def _message(self, state: State, waited: float) -> str:
        since = f" for {waited:.0f} s" if waited >= 1 else ""
        details = f": {self.seen.told}" if self.seen.told else ""
        return f"{self.name} {state.told}{since} ({self.seen.word}){details}"
