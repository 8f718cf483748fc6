"""What a doctor found out about a set-up, as values."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from supasync.events.health import Health, worst


@dataclass(frozen=True, kw_only=True)
class Diagnosis:
    """One thing that was looked at. remedy: what to do where it is not as it should be. needed:
    by each sync; else that it could not be found out counts for nothing."""

    name: str
    health: Health
    message: str
    remedy: str = ""
    needed: bool = True

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, kw_only=True)
class Diagnoses:
    all: tuple[Diagnosis, ...]

    @property
    def health(self) -> Health:
        counted = (each for each in self.all if each.needed or each.health is not Health.UNKNOWN)
        return worst(each.health for each in counted)

    @property
    def exit_code(self) -> int:
        """1: something is wrong; 3: something could not be found out; 0: neither."""
        return {Health.PASS: 0, Health.FAIL: 1, Health.UNKNOWN: 3}[self.health]

    def to_json(self) -> dict[str, Any]:
        return {
            "result": self.health,
            "exit_code": self.exit_code,
            "checks": [each.to_json() for each in self.all],
        }
