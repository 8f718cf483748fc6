"""What a step may cost: a name for programs, a sentence for people."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Hazard:
    name: str
    """data-loss, table-rewrite, disarmed."""
    message: str


def data_loss(title: str) -> Hazard:
    return Hazard("data-loss", f"{title} is dropped with what it holds")


def table_rewrite(title: str) -> Hazard:
    return Hazard("table-rewrite", f"{title} is rewritten while its table is locked")


def disarmed(title: str, what: str) -> list[Hazard]:
    """Of what would reach out of the branch as production's does. what: "" for nothing."""
    return [Hazard("disarmed", f"{title} {what}")] if what else []
