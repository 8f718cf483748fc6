"""What the health checks of a validation found, as values.

An environment is production or a branch, by its name.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

PRODUCTION = "production"


class Health(StrEnum):
    PASS = "Pass"  # noqa: S105 -- no password
    FAIL = "Fail"
    UNKNOWN = "Unknown"


@dataclass(frozen=True, kw_only=True)
class Finding:
    """Why a check did not pass. known: False when it could not be found out."""

    message: str
    remedy: str = ""
    known: bool = True


@dataclass(frozen=True, kw_only=True)
class Report:
    """What one check says. evidence: what was looked at, small values by name. notes: what people
    should know and no verdict hangs on."""

    findings: tuple[Finding, ...] = ()
    evidence: Mapping[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    @property
    def health(self) -> Health:
        if any(finding.known for finding in self.findings):
            return Health.FAIL
        return Health.UNKNOWN if self.findings else Health.PASS


@dataclass(frozen=True, kw_only=True)
class Checked:
    environment: str
    check: str
    report: Report
    seconds: float

    @property
    def health(self) -> Health:
        return self.report.health

    def to_json(self) -> dict[str, Any]:
        return {
            "environment": self.environment,
            "check": self.check,
            "result": self.health,
            **asdict(self.report),
            "seconds": round(self.seconds, 3),
        }


@dataclass(frozen=True, kw_only=True)
class LeftOut:
    """A check that did not run, since nothing asks for it."""

    environment: str
    check: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class Validation:
    """environments: in their order, production first. config: the file, for tools that want a
    place. calls: requests by `METHOD /route/{template}`."""

    environments: tuple[str, ...]
    checked: tuple[Checked, ...]
    left_out: tuple[LeftOut, ...]
    seconds: float
    config: str
    calls: Mapping[str, int] = field(default_factory=dict)

    @property
    def exit_code(self) -> int:
        """1: something is wrong; 3: something could not be found out; 0: neither."""
        return {Health.PASS: 0, Health.FAIL: 1, Health.UNKNOWN: 3}[self.health]

    @property
    def health(self) -> Health:
        return worst(each.health for each in self.checked)

    def of(self, environment: str) -> tuple[Checked, ...]:
        return tuple(each for each in self.checked if each.environment == environment)

    @property
    def bad(self) -> tuple[Checked, ...]:
        return tuple(each for each in self.checked if each.health is not Health.PASS)

    def to_json(self) -> dict[str, Any]:
        return {
            "result": self.health,
            "exit_code": self.exit_code,
            "seconds": round(self.seconds, 3),
            "environments": list(self.environments),
            "checks": [each.to_json() for each in self.checked],
            "left_out": [asdict(each) for each in self.left_out],
            "api_calls": dict(sorted(self.calls.items())),
        }


def worst(found: Iterable[Health]) -> Health:
    """Fail before Unknown before Pass. Of nothing nothing is known."""
    seen = set(found) or {Health.UNKNOWN}
    return next(each for each in (Health.FAIL, Health.UNKNOWN, Health.PASS) if each in seen)
