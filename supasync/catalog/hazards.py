"""What a step may cost: a name for programs, a sentence for people.

docs/reference/hazards.md tells when each is said.
"""

from __future__ import annotations

from dataclasses import dataclass

DATA_LOSS = "data-loss"
OF_ROWS = (DATA_LOSS, "table-rewrite", "index-build", "constraint-scan", "long-lock")
"""Those that come with rows: of tables that were there before, or of a query that runs anew."""
NAMES = (
    *OF_ROWS,
    "access-widened",
    "cannot-apply",
    "disarmed",
)


@dataclass(frozen=True)
class Hazard:
    name: str
    """One of NAMES."""
    message: str


def data_loss(title: str) -> Hazard:
    return Hazard(DATA_LOSS, f"{title} is dropped with what it holds")


def rounding(title: str, old: str, new: str) -> Hazard:
    return Hazard(DATA_LOSS, f"{title} may be rounded from {old} to {new}")


def table_rewrite(title: str) -> Hazard:
    return Hazard("table-rewrite", f"{title}: its table is rewritten, locked meanwhile")


def index_build(title: str) -> Hazard:
    return Hazard("index-build", f"{title} is built while writes to its table wait")


def constraint_scan(title: str) -> Hazard:
    return Hazard("constraint-scan", f"{title}: all rows are checked while the table is locked")


def long_lock(title: str) -> Hazard:
    return Hazard("long-lock", f"{title} cannot be read until its query has run")


def access_widened(title: str, how: str) -> Hazard:
    return Hazard("access-widened", f"{title}: {how}")


def cannot_apply(reason: str) -> Hazard:
    return Hazard("cannot-apply", reason)


def disarmed(title: str, what: str) -> list[Hazard]:
    """Of what would reach out of the branch as production's does. what: "" for nothing."""
    return [Hazard("disarmed", f"{title} {what}")] if what else []
