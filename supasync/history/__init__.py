"""Every run that wrote something: when, why, for how long, and how it ended. It holds no secret."""

from supasync.events import COMMAND
from supasync.history.model import (
    Begun,
    BranchRun,
    Login,
    PhaseTime,
    RunRecord,
    State,
    Statistics,
    Step,
    following,
)
from supasync.history.opening import opened
from supasync.history.recording import recorded
from supasync.history.store import History

__all__ = [
    "COMMAND",
    "Begun",
    "BranchRun",
    "History",
    "Login",
    "PhaseTime",
    "RunRecord",
    "State",
    "Statistics",
    "Step",
    "following",
    "opened",
    "recorded",
]
