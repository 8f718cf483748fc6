"""How a branch is, besides whether it is in sync: Argo CD's second word for an application."""

from __future__ import annotations

from enum import StrEnum

from supasync.events import Verdict
from supasync.service.board import Entry


class Health(StrEnum):
    HEALTHY = "Healthy"
    PROGRESSING = "Progressing"
    """A sync of it runs."""
    DEGRADED = "Degraded"
    """Its last sync failed."""
    UNKNOWN = "Unknown"
    """It could not be looked at."""


def of_entry(entry: Entry, *, running: bool) -> Health:
    """running: whether a job of the branch runs."""
    if running:
        return Health.PROGRESSING
    if entry.last_sync is not None and not entry.last_sync.good:
        return Health.DEGRADED
    return Health.UNKNOWN if entry.finding.verdict is Verdict.UNKNOWN else Health.HEALTHY
