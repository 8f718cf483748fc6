"""Schema consistency: the branch's schema is production's, by its fingerprint and a witness."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from supasync.checks.environment import Branch, BranchCheck
from supasync.events import Finding, Phase, Report
from supasync.sync import witness
from supasync.sync.reconcile import Planned

_SHOWN = 10


async def _look(branch: Branch) -> Report:
    planned = await branch.planned.get()
    evidence = _evidence(planned)
    if not planned.equal:
        return Report(findings=_findings(branch, planned), evidence=evidence)
    notes = []
    for end, state in (("production", planned.source), (branch.name, planned.target)):
        if state.unmodelled:
            told = ", ".join(f"{number} in {what}" for what, number in state.unmodelled.items())
            notes.append(f"not compared in {end}: {told}")
    if branch.shared.run.options.witness:
        await ask_witness(branch, planned)
        evidence["witness"] = "the platform's diff sees no difference either"
    with suppress(OSError):  # what is remembered only saves time
        await branch.shared.memory.keep(branch.ref, planned.target)
    return Report(evidence=evidence, notes=tuple(notes))


def _findings(branch: Branch, planned: Planned) -> tuple[Finding, ...]:
    plan, remedy = planned.plan, f"Run `supasync branches sync {branch.name}`."
    steps = [f"{step.label}: a sync would {step.verb} it" for step in plan.steps]
    found = [Finding(message=each, remedy=remedy) for each in steps[:_SHOWN]]
    if len(steps) > _SHOWN:
        more = f"and {len(steps) - _SHOWN} more; `supasync branches diff {branch.name}` shows all"
        found.append(Finding(message=more, remedy=remedy))
    found += [
        Finding(message=each, remedy="See docs/reference/hazards.md: a sync cannot do this.")
        for each in plan.cannot_apply
    ]
    return tuple(found)


def _evidence(planned: Planned) -> dict[str, Any]:
    return {
        "fingerprint of production": planned.source.fingerprint,
        "fingerprint of the branch": planned.target.fingerprint,
        "objects": planned.target.count,
        "differences": len(planned.plan.steps) + len(planned.plan.cannot_apply),
        "equal after re-parse": len(planned.plan.reparsed),
        "not compared in production": dict(planned.source.unmodelled),
        "not compared in the branch": dict(planned.target.unmodelled),
    }


async def ask_witness(branch: Branch, planned: Planned) -> None:
    """Of what is equal to us: returns when the platform's diff sees no difference either.

    Raises: WitnessDisagrees, SchemaMoving, UnknownError, OSError."""
    shared = branch.shared
    readings = witness.Readings(
        branch=branch.name,
        ref=branch.ref,
        source=planned.source,
        target=planned.target,
        explained=witness.explained(
            planned.target, planned.plan.reparsed, shared.config.seed.function
        ),
    )
    name = f"witness-{shared.run.id}-{branch.name}"
    with shared.run.phase(branch.name, Phase.WITNESS):
        await witness.agree(
            shared.client,
            shared.scope,
            readings,
            (shared.source.database, branch.database),
            lambda both: shared.store.put(name, both),
        )


ON_BRANCH = BranchCheck("schema consistency", _look)
