"""What must hold before a plan is carried out. Nothing has been written when a guard refuses."""

from __future__ import annotations

from supasync.catalog import Plan, State
from supasync.catalog.hazards import DATA_LOSS
from supasync.config import Config
from supasync.errors import CannotApply, HazardRefused, LossRefused, ProductionGuard, Refused
from supasync.sync.context import Options


def not_production(name: str, config: Config) -> None:
    """Refuses production by its name, its ref, or the name that `[remotes]` gives to its ref.

    Raises: ProductionGuard. Needs no network.
    """
    ref = config.project.ref
    if name.strip().lower() in {"main", ref} or config.remotes.get(name) == ref:
        raise ProductionGuard(f"{name} is production; production is never a target")


def check(plan: Plan, source: State, target: State, options: Options, *, past: bool = False) -> str:
    """What was allowed, for people. past: the source is what the target was once.

    Raises: Refused and its kinds.
    """
    _source_not_empty(source, target, options, past=past)
    if plan.cannot_apply:
        raise CannotApply(
            "The role that would run the plan cannot perform all of it "
            f"({len(plan.cannot_apply)}): {plan.cannot_apply[0]}",
            remedy="Perform them on the branch by hand with a role that may"
            + ("" if past else ", or remove them from production")
            + "; then run the command again.",
        )
    _hazards_allowed(plan, options)
    names = sorted({hazard.name for hazard in plan.hazards})
    return f"allowed on a branch: {', '.join(names)}" if names else ""


def _hazards_allowed(plan: Plan, options: Options) -> None:
    found = [hazard for hazard in plan.hazards if hazard.name in options.not_allowed]
    losses = [hazard.message for hazard in found if hazard.name == DATA_LOSS]
    if losses:
        raise LossRefused(
            "The plan would lose data:\n  " + "\n  ".join(losses),
            remedy="Save what you need, then run the command without --no-data-loss "
            "or --refuse data-loss.",
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


def _source_not_empty(source: State, target: State, options: Options, *, past: bool) -> None:
    """A source without a single table is far more often the wrong project, or a token that sees
    nothing, than a wish to drop every table of the target."""
    tables = _tables(target)
    if _tables(source) or not tables or options.allow_empty:
        return
    if past:
        raise Refused(
            f"Before that sync the branch had no table at all, now it has {tables}: they would all "
            "be dropped",
            remedy="If that is what you want, add --allow-empty.",
        )
    raise Refused(
        f"The source has no table at all, the target has {tables}: the sync would drop them all",
        remedy="Check that the source is the right project. If it really is empty, add "
        "--allow-empty.",
    )


def _tables(state: State) -> int:
    return sum(1 for object_id in state.digests if object_id[0] == "table")
