"""What happens during a run, as facts: terminal, JSON and history read the same events."""

from supasync.events.model import (
    ApiCalls,
    BranchFinished,
    Emit,
    Event,
    HazardSeen,
    Notice,
    Phase,
    PhaseFinished,
    PhaseStarted,
    PlanMade,
    PlannedStep,
    RowsCopied,
    RunFinished,
    RunStarted,
    SeedFileRun,
    UserVerified,
    Verdict,
    Waiting,
)
from supasync.events.past import LastSync, last_syncs
from supasync.events.summary import BranchSummary, Summary

__all__ = [
    "ApiCalls",
    "BranchFinished",
    "BranchSummary",
    "Emit",
    "Event",
    "HazardSeen",
    "LastSync",
    "Notice",
    "Phase",
    "PhaseFinished",
    "PhaseStarted",
    "PlanMade",
    "PlannedStep",
    "RowsCopied",
    "RunFinished",
    "RunStarted",
    "SeedFileRun",
    "Summary",
    "UserVerified",
    "Verdict",
    "Waiting",
    "last_syncs",
]
