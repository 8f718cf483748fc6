"""Access matrix: nobody may do more on the branch than on production, and what less is shown."""

from __future__ import annotations

from supasync.catalog.access import ROLES
from supasync.checks.environment import Branch, BranchCheck
from supasync.checks.widening import Change, changes
from supasync.events import Finding, Report

_SHOWN = 20


async def _look(branch: Branch) -> Report:
    main = await branch.production.access.get()
    here = await branch.access.get()
    found = await differing(branch)
    wider = [each for each in found if each.wider]
    narrower = [f"narrower: {each}" for each in found if not each.wider]
    findings = [Finding(message=str(each), remedy=_remedy(branch)) for each in wider[:_SHOWN]]
    if len(wider) > _SHOWN:
        more = f"and {len(wider) - _SHOWN} more"
        findings.append(Finding(message=more, remedy=_remedy(branch)))
    if len(narrower) > _SHOWN:
        narrower[_SHOWN:] = [f"narrower: and {len(narrower) - _SHOWN} more"]
    return Report(
        findings=tuple(findings),
        evidence={
            "roles": list(ROLES),
            "tables and views": len(here.relations),
            "functions": len(here.functions),
            "rights in production": main.rights,
            "rights on the branch": here.rights,
            "wider": len(wider),
            "narrower": len(found) - len(wider),
        },
        notes=tuple(narrower),
    )


async def differing(branch: Branch) -> list[Change]:
    """Raises: SqlError, UnknownError."""
    main = await branch.production.access.get()
    here = await branch.access.get()
    return [each for each in changes(main, here) if not await _only_reparsed(branch, each)]


async def _only_reparsed(branch: Branch, change: Change) -> bool:
    """Whether a policy differs only as far as PostgreSQL prints what it has read back otherwise:
    then the schema engine, which reads it again on the server, calls it equal."""
    if not change.policy:
        return False
    planned = await branch.planned.get()
    return all(step.id != ("policy", *change.policy) for step in planned.plan.steps)


def _remedy(branch: Branch) -> str:
    return (
        f"Run `supasync branches sync {branch.name}`: it brings production's grants and policies. "
        "What the branch is meant to allow belongs on production."
    )


ON_BRANCH = BranchCheck("access matrix", _look)
