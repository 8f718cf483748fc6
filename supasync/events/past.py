"""What the history on this machine says about a branch's last sync."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

_COMMAND = "branches sync"


@dataclass(frozen=True, kw_only=True)
class LastSync:
    """at: seconds since the epoch. failed: the phase that failed; empty when none did."""

    at: float
    verdict: str
    failed: str = ""
    reason: str = ""

    @property
    def good(self) -> bool:
        return not (self.failed or self.reason)


def last_syncs(history: Iterable[Mapping[str, Any]]) -> dict[str, LastSync]:
    """By branch. history: runs as `Summary.to_json` has them, oldest first; one that another
    version wrote in another form is passed over."""
    found: dict[str, LastSync] = {}
    for line in history:
        try:
            run = line["run"]
            if run["command"] == _COMMAND and not run["dry_run"]:
                at = float(run["started_at"])
                found.update({each["name"]: _read(each, at) for each in line["branches"]})
        except (KeyError, TypeError, ValueError):
            continue
    return found


def _read(branch: Mapping[str, Any], at: float) -> LastSync:
    failed = [phase["phase"] for phase in branch["phases"] if not phase["ok"]]
    return LastSync(
        at=at,
        verdict=branch["verdict"] or "Unknown",
        failed=failed[0] if failed else "",
        reason=branch["reason"],
    )
