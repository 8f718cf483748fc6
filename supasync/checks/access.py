"""Access matrix: nobody may do more on the branch than on production, and what less is shown."""

from __future__ import annotations

from collections.abc import Sequence

from supasync.catalog.access import ROLES
from supasync.checks.environment import Branch, BranchCheck
from supasync.checks.widening import Change, changes
from supasync.errors import SupasyncError
from supasync.events import Finding, Report

_SHOWN = 20


async def _look(branch: Branch) -> Report:
    main = await branch.production.access.get()
    here = await branch.access.get()
    found = await differing(branch)
    wider = [each for each in found if each.wider]
    narrower = [f"narrower: {each}" for each in found if not each.wider]
    synced = bool(wider) and await _synced(branch)
    findings = [
        Finding(message=str(each), remedy=remedy(branch.name, each, wider, synced=synced))
        for each in wider[:_SHOWN]
    ]
    if len(wider) > _SHOWN:
        more = f"and {len(wider) - _SHOWN} more"
        told = remedy(branch.name, wider[_SHOWN], wider, synced=synced)
        findings.append(Finding(message=more, remedy=told))
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


async def _synced(branch: Branch) -> bool:
    """Whether a sync of the schema would change nothing; False where that is not known."""
    try:
        return (await branch.planned.get()).equal
    except SupasyncError:
        return False


def remedy(name: str, change: Change, wider: Sequence[Change], *, synced: bool) -> str:
    """What ends a change that is wider. wider: all that are. synced: no sync changes anything."""
    roles = " ".join(each.undo for each in wider if each.of_role)
    if change.of_role:
        return f"No sync changes the platform's roles. Run on {name}: {change.undo}"
    if roles:
        then = "" if synced else f"; what is left then, `supasync branches sync {name}` ends"
        return f"Its roles have more rights than production's. Run on {name}: {roles}{then}"
    if change.undo:
        return (
            "No sync changes rights on the platform's tables. Run on "
            f"{name}, as the role that granted it: {change.undo}"
        )
    if synced:
        return (
            f"The schemas are equal, so no sync changes it. Compare on {name} and on production "
            "who owns it, what it is granted, and the roles' memberships (pg_auth_members)."
        )
    return (
        f"Run `supasync branches sync {name}`: it brings production's grants and policies. "
        "What the branch is meant to allow belongs on production."
    )


ON_BRANCH = BranchCheck("access matrix", _look)
