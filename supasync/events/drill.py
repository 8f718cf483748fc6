"""What a drift drill found out, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Found(StrEnum):
    """What became of one drift. Only of HEALED there is a proof."""

    HEALED = "healed"
    NOT_HEALED = "not healed"
    MISSED = "missed"
    NO_OCCASION = "no occasion"
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True)
class Drilled:
    """One drift. object: what was changed, as the plan names it; reason: why it is not healed."""

    drift: str
    family: str
    what: str
    found: Found
    object: str = ""
    reason: str = ""
    seconds: float = 0.0

    @property
    def made(self) -> bool:
        """Whether it was made on the branch, and so counts."""
        return self.found in {Found.HEALED, Found.NOT_HEALED, Found.MISSED}

    def to_json(self) -> dict[str, Any]:
        return {
            "drift": self.drift,
            "family": self.family,
            "what": self.what,
            "result": self.found,
            "object": self.object,
            "reason": self.reason,
            "seconds": round(self.seconds, 3),
        }


@dataclass(frozen=True, kw_only=True)
class DrillReport:
    """drifts: in the catalogue's order. error: what ended the drill early, with its exit code.

    calls: requests by `METHOD /route/{template}`.
    """

    branch: str
    ref: str
    drifts: tuple[Drilled, ...]
    rounds: int
    seconds: float
    error: str = ""
    error_code: int = 0
    remedy: str = ""
    calls: Mapping[str, int] = field(default_factory=dict)

    @property
    def made(self) -> int:
        return sum(each.made for each in self.drifts)

    @property
    def found(self) -> int:
        return sum(each.made and each.found is not Found.MISSED for each in self.drifts)

    @property
    def healed(self) -> int:
        return sum(each.found is Found.HEALED for each in self.drifts)

    def of(self, found: Found) -> tuple[Drilled, ...]:
        return tuple(each for each in self.drifts if each.found is found)

    @property
    def exit_code(self) -> int:
        """0: all were found and healed. 1: one was not. Else as the error has it, or 3 where
        nothing could be found out."""
        if self.of(Found.MISSED) or self.of(Found.NOT_HEALED):
            return 1
        if self.error:
            return self.error_code
        return 3 if not self.made or self.of(Found.UNKNOWN) else 0

    def _told(self) -> dict[str, Any] | None:
        if not self.error:
            return None
        return {"message": self.error, "remedy": self.remedy, "code": self.error_code}

    def to_json(self) -> dict[str, Any]:
        return {
            "branch": self.branch,
            "ref": self.ref,
            "made": self.made,
            "found": self.found,
            "healed": self.healed,
            "no_occasion": len(self.of(Found.NO_OCCASION)),
            "rounds": self.rounds,
            "seconds": round(self.seconds, 3),
            "exit_code": self.exit_code,
            "error": self._told(),
            "drifts": [each.to_json() for each in self.drifts],
            "api_calls": dict(sorted(self.calls.items())),
        }
