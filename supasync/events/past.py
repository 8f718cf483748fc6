"""What the history on this machine says about a branch's last sync."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

_COMMAND = "branches sync"


@dataclass(frozen=True, kw_only=True)
class LastSync:
    """at: seconds since the epoch. failed: the phase that failed; empty when none did. code: the
    branch's exit code; None when no end is recorded."""

    run_id: str
    at: float
    verdict: str
    failed: str = ""
    reason: str = ""
    code: int | None = None

    @property
    def good(self) -> bool:
        return not (self.failed or self.reason)


def last_syncs(history: Iterable[Mapping[str, Any]]) -> dict[str, LastSync]:
    """By branch. history: runs as `Summary.to_json` has them, oldest first; one that another
    version wrote in another form is passed over."""
    return {name: last for name, _, last in _syncs(history)}


def durations(history: Iterable[Mapping[str, Any]], branch: str) -> list[float]:
    """Seconds that this branch's good syncs took, oldest first. history: as for `last_syncs`."""
    return [
        float(each["seconds"])
        for name, each, last in _syncs(history)
        if name == branch and each.get("seconds") is not None and last.good
    ]


def _syncs(
    history: Iterable[Mapping[str, Any]],
) -> Iterator[tuple[str, Mapping[str, Any], LastSync]]:
    """(branch, its part, the same in short) of all that were to write."""
    for line in history:
        try:
            run = line["run"]
            if run["command"] != _COMMAND or run["dry_run"]:
                continue
            found = [(str(each["name"]), each, _read(each, run)) for each in line["branches"]]
        except (KeyError, TypeError, ValueError):
            continue
        yield from found


def _read(branch: Mapping[str, Any], run: Mapping[str, Any]) -> LastSync:
    failed = [phase["phase"] for phase in branch["phases"] if not phase["ok"]]
    return LastSync(
        run_id=str(run["id"]),
        at=float(run["started_at"]),
        verdict=branch["verdict"] or "Unknown",
        failed=failed[0] if failed else "",
        reason=branch["reason"],
        code=branch.get("code"),
    )
