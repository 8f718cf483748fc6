"""What must hold before a plan is carried out. Nothing has been written when a guard refuses."""

from __future__ import annotations

from collections.abc import Collection, Container, Mapping, Set
from typing import TYPE_CHECKING

from supasync.catalog import Id, Plan, State
from supasync.catalog.hazards import DATA_LOSS
from supasync.catalog.kinds import KINDS
from supasync.errors import (
    CannotApply,
    HazardRefused,
    LossRefused,
    ProductionGuard,
    PruneRefused,
    Refused,
)
from supasync.sync.context import Options, Policy

if TYPE_CHECKING:
    from supasync.config import Config

_TABLES = frozenset({"table"})
_CONTENT: Mapping[str, Collection[str]] = {
    "table": _TABLES,
    "table, view, function or type": _TABLES
    | {"view", "matview", "sequence", "function", "aggregate"}
    | {"base_type", "enum", "domain", "composite", "range"},
}
"""Kinds of which an empty source has none, by the words for them."""

_HISTORY = "migration"
"""The kind that says how a schema came about: however many there are, none is lost with it."""


def not_production(name: str, config: Config) -> None:
    """Refuses production by its name, its ref, or the name that `[remotes]` gives to its ref.

    Raises: ProductionGuard. Needs no network.
    """
    ref = config.project.ref
    if name.strip().lower() in {"main", ref} or config.remotes.get(name) == ref:
        raise ProductionGuard(f"{name} is production; production is never a target")


def all_rows_may_go(name: str, doing: str, policy: Policy, options: Options | None = None) -> None:
    """Before what loses all rows of a branch and has no plan. doing: `a reset`.

    Raises: LossRefused.
    """
    if DATA_LOSS not in (options or Options()).not_allowed(policy):
        return
    raise LossRefused(
        f"{name}: {doing} loses all rows, and none may be lost",
        remedy="Save what you need, then " + _allowing(policy),
    )


def check(
    plan: Plan,
    source: State,
    target: State,
    options: Options,
    policy: Policy,
    *,
    past: bool = False,
) -> str:
    """What was allowed, for people. past: the source is what the target was once.

    Raises: Refused and its kinds.
    """
    _source_not_empty(source, target, options, past=past)
    _rows_seen(source, target)
    if plan.cannot_apply:
        raise CannotApply(
            "The role that would run the plan cannot perform all of it "
            f"({len(plan.cannot_apply)}): {plan.cannot_apply[0]}",
            remedy="Perform them on the branch by hand with a role that may"
            + ("" if past else ", or remove them from production")
            + "; then run the command again.",
        )
    _hazards_allowed(plan, options, policy)
    _drops_confirmed(source, target, options, policy)
    names = sorted({hazard.name for hazard in plan.hazards})
    return f"allowed on a branch: {', '.join(names)}" if names else ""


def to_confirm(source: State, target: State, policy: Policy) -> str:
    """That a plan drops more of the target's objects than it may unasked; "" when it does not."""
    there, dropped = len(counted(target)), len(only_there(source, target))
    if dropped <= policy.prune * there:
        return ""
    return (
        f"the plan drops {dropped} of the {there} objects that are there "
        f"({dropped / there:.0%}); more than {policy.prune:.0%} has to be confirmed (--prune)"
    )


def only_there(source: State, target: State) -> Collection[Id]:
    """What of the target the source has not, which is what a plan drops."""
    return counted(target) - source.digests.keys()


def counted(state: State) -> Set[Id]:
    """What can be lost: rows of the migration history are no objects of a schema."""
    return {id_ for id_ in state.digests if id_[0] != _HISTORY}


def _drops_confirmed(source: State, target: State, options: Options, policy: Policy) -> None:
    told = to_confirm(source, target, policy)
    believed = options.allow_empty and _empty(source)
    if told and not (options.prune or believed):
        raise PruneRefused(
            f"Not confirmed: {told}",
            remedy="Look at the plan with --dry-run and check that the source is the right one. If "
            "that is what you want, add --prune, or raise prune in the branch's section of "
            "config.toml.",
        )


def _hazards_allowed(plan: Plan, options: Options, policy: Policy) -> None:
    refused = options.not_allowed(policy)
    found = [hazard for hazard in plan.hazards if hazard.name in refused]
    losses = [hazard.message for hazard in found if hazard.name == DATA_LOSS]
    if losses:
        raise LossRefused(
            "The plan would lose data:\n  " + "\n  ".join(losses),
            remedy="Save what you need, then " + _allowing(policy),
        )
    if found:
        names = sorted({hazard.name for hazard in found})
        told = "\n  ".join(f"{hazard.name}: {hazard.message}" for hazard in found)
        raise HazardRefused(
            f"The plan has what was refused:\n  {told}",
            remedy="Look at it with --dry-run; then run the command without "
            + " ".join(f"--refuse {name}" for name in names)
            + ".",
        )


def _allowing(policy: Policy) -> str:
    if policy.allow_data_loss:
        return "run the command without --no-data-loss or --refuse data-loss."
    return "set allow_data_loss = true in the branch's section of config.toml."


def _source_not_empty(source: State, target: State, options: Options, *, past: bool) -> None:
    """A source without a single table is far more often the wrong project, or a token that sees
    nothing, than a wish to drop every table of the target; so is one without anything else."""
    for what, kinds in _CONTENT.items():
        there = _count(target, kinds)
        if _count(source, kinds) or not there or options.allow_empty:
            continue
        if past:
            raise Refused(
                f"Before that sync the branch had no {what} at all, now it has {there}: they would "
                "all be dropped",
                remedy="If that is what you want, add --allow-empty.",
            )
        raise Refused(
            f"The source has no {what} at all, the target has {there}: the sync would drop them "
            "all",
            remedy="Check that the source is the right project. If it really is empty, add "
            "--allow-empty.",
        )


def _rows_seen(source: State, target: State) -> None:
    """A table that may not be read looks like an empty one."""
    for kind in KINDS:
        table = kind.query.gather_from
        unread = f"{table}, which may not be read"
        if table and _count(target, {kind.kind}) and unread in source.unmodelled:
            raise Refused(
                f"The role that reads the source may not read {table}: the sync would delete what "
                "the target has there",
                remedy=f"Grant it SELECT on {table} (and USAGE on its schema), or name another "
                "role in the URL.",
            )


def _empty(source: State) -> bool:
    return not _count(source, _TABLES)


def _count(state: State, kinds: Container[str]) -> int:
    return sum(1 for object_id in state.digests if object_id[0] in kinds)
