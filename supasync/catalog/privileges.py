"""Who may do what on the target: the steps that are out of reach."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from supasync.catalog.object import Id, Object
from supasync.catalog.rebuild import Changes
from supasync.catalog.session import Session
from supasync.catalog.steps import Step


def obstacles(steps: Iterable[Step], changes: Changes, session: Session) -> tuple[str, ...]:
    """Reasons why the session's role cannot perform steps, a sentence each."""
    reasons: dict[str, None] = {}
    steps = list(steps)
    before, session = session, _after(steps, changes, session)
    for step in steps:
        for obj in _objects(step.id, step.verb, changes):
            for role in sorted(obj.roles - session.roles):
                reasons[f"{obj.title}: role {role} does not exist on the target"] = None
            owner = obj.owner
            if owner and owner in session.roles and not _may_be(owner, session):
                reasons[f"{obj.title}: {session.user} cannot act as its owner {owner}"] = None
        for obj in _objects(step.id, step.verb, changes)[-1:]:
            for reason in obj.obstacles(step.verb, before):
                reasons[f"{step.label}: {reason}"] = None
    return tuple(reasons)


def _after(steps: Iterable[Step], changes: Changes, session: Session) -> Session:
    """The session with the roles and memberships that the plan makes for it."""
    for step in steps:
        if step.verb == "create":
            session = changes.after(step.id).enables(session)
    return session


def _may_be(role: str, session: Session) -> bool:
    return session.superuser or role in session.member


def _objects(id_: Id, verb: str, changes: Changes) -> list[Object]:
    sides: list[Mapping[Id, Object]] = []
    if verb != "create" and id_ in changes.old.objects:
        sides.append(changes.old.objects)
    if verb != "drop" and id_ in changes.new.objects:
        sides.append(changes.new.objects)
    return [side[id_] for side in sides]
