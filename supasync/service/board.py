"""What is known of each branch at this moment: what the API shows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from typing import Any

from supasync.config import Config
from supasync.events import LastSync, Verdict

_OBJECTS_SHOWN = 100


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What a look at a branch found. branch: the configuration's section. objects: what differs,
    as `~ table public.users`. main, own: the fingerprints of production and of the branch;
    "" when they could not be read. at: seconds since the epoch."""

    branch: str
    ref: str = ""
    verdict: Verdict = Verdict.UNKNOWN
    reason: str = ""
    objects: tuple[str, ...] = ()
    main: str = ""
    own: str = ""
    at: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Entry:
    """auto_sync: whether a difference is synced by itself. waits: why it is not, at the moment.
    running: whether this process does something on the branch now; runs: how often it was done."""

    finding: Finding
    auto_sync: bool
    waits: str = ""
    running: bool = False
    runs: int = 0
    last_sync: LastSync | None = None


class Board:
    def __init__(self, branches: Mapping[str, bool], last: Mapping[str, LastSync]) -> None:
        """branches: whether each is synced by itself. last: what the history says."""
        self._entries = {
            name: Entry(
                finding=Finding(branch=name, reason="not looked at yet"),
                auto_sync=auto_sync,
                last_sync=last.get(name),
            )
            for name, auto_sync in branches.items()
        }
        self.looked_at: float | None = None
        """When a look last told something of every branch."""

    def found(self, finding: Finding) -> None:
        self._change(finding.branch, finding=finding, waits="")

    @contextmanager
    def running(self, branch: str) -> Iterator[None]:
        """As long as this process does something on the branch."""
        self._change(branch, running=True)
        try:
            yield
        finally:
            entry = self._entries.get(branch)
            self._change(branch, running=False, runs=entry.runs + 1 if entry else 0)

    def waits(self, branch: str, reason: str) -> None:
        self._change(branch, waits=reason)

    def ran(self, finding: Finding, last: LastSync | None) -> None:
        """finding: what a run itself has found or proved. last: when it was a sync."""
        if last is not None:
            self._change(finding.branch, last_sync=last)
        self.found(finding)

    def synced(self, last: Mapping[str, LastSync]) -> None:
        """last: what the history says, also of syncs by others. One that has no end counts for
        nothing: it may still run."""
        for branch, sync in last.items():
            entry = self._entries.get(branch)
            known = entry.last_sync if entry else None
            if sync.code is not None and (known is None or known.at < sync.at):
                self._change(branch, last_sync=sync)

    def waits_for(self, branch: str) -> str:
        entry = self._entries.get(branch)
        return entry.waits if entry else ""

    def entry(self, branch: str) -> Entry | None:
        return self._entries.get(branch)

    def document(self, at: float) -> list[dict[str, Any]]:
        return [_document(entry, at) for entry in self._entries.values()]

    def entries(self) -> Iterable[Entry]:
        return self._entries.values()

    def names(self) -> Iterable[str]:
        return self._entries

    def _change(self, branch: str, **fields: Any) -> None:
        if branch in self._entries:
            self._entries[branch] = replace(self._entries[branch], **fields)


def of_config(config: Config, last: Mapping[str, LastSync]) -> Board:
    """last: what the history says of each branch."""
    wanted = {name: each.auto_sync_schema for name, each in config.branches.items()}
    return Board(wanted, last)


def _document(entry: Entry, at: float) -> dict[str, Any]:
    found, last = entry.finding, entry.last_sync
    return {
        "name": found.branch,
        "ref": found.ref,
        "sync_status": found.verdict,
        "reason": found.reason,
        "drift": len(found.objects),
        "objects": list(found.objects[:_OBJECTS_SHOWN]),
        "looked_at": found.at or None,
        "age_seconds": round(at - found.at, 3) if found.at else None,
        "main_fingerprint": found.main,
        "branch_fingerprint": found.own,
        "auto_sync": entry.auto_sync,
        "waits": entry.waits,
        "last_sync": asdict(last) if last else None,
    }
