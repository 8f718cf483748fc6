"""What was found, as one JSON document, with what to do next."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from supasync.sync.migrations.capture import Captured
from supasync.sync.migrations.survey import Survey
from supasync.sync.migrations.verdict import Difference, Standing, Verdict


def of_status(found: Survey, project: str) -> dict[str, Any]:
    """project: production's reference."""
    return {
        "command": "migrations status",
        "project": project,
        "folder": str(found.folder.path) if found.folder else None,
        "replayed_on": found.replayed_on,
        "migrations": [_row(each) for each in found.verdicts],
        "drift": _objects(found.drift),
        "settled": found.code == 0,
        "next": list(_next(found)),
    }


def of_capture(done: Captured | None, found: Survey, project: str) -> dict[str, Any]:
    """done: None when there was nothing to capture."""
    waiting = [each.version.version for each in found.verdicts if not each.version.row]
    return {
        "command": "migrations capture",
        "project": project,
        "file": str(done.file) if done else None,
        "version": done.version if done else None,
        "steps": [{"verb": s.verb, "object": s.label} for s in done.steps] if done else [],
        "not_recorded": waiting,
        "next": [repair([done.version])] if done else list(_next(found)),
    }


def repair(versions: Iterable[str]) -> str:
    """What records migrations on production as applied: the user's to run."""
    return f"supabase migration repair --status applied {' '.join(versions)}"


def _row(each: Verdict) -> dict[str, Any]:
    version = each.version
    return {
        "version": version.version,
        "name": version.name,
        "state": each.standing.value,
        "recorded": version.row is not None,
        "file": str(version.file.path) if version.file else None,
        "changed": version.changed,
        "out_of_order": each.out_of_order,
        "reason": each.reason,
        "objects": _objects(each.objects),
    }


def _objects(found: Iterable[Difference]) -> list[dict[str, str]]:
    return [{"object": each.object, "how": each.how} for each in found]


def _next(found: Survey) -> Iterator[str]:
    by: dict[Standing, list[str]] = {}
    for each in found.verdicts:
        by.setdefault(each.standing, []).append(each.version.version)
    if versions := by.get(Standing.UNRECORDED):
        yield repair(versions)
    if Standing.UNTRUE in by or found.drift:
        yield "supasync migrations capture"
    if found.folder and any(not each.version.file for each in found.verdicts):
        yield "supabase migration fetch"
    if Standing.PENDING in by:
        yield "supabase db push"
