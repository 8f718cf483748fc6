"""Bitbucket Cloud: https://support.atlassian.com/bitbucket-cloud/docs/event-payloads/#Push."""

from __future__ import annotations

from supasync.config import Bitbucket
from supasync.service.webhooks.delivery import (
    Body,
    Delivery,
    Ignored,
    Message,
    Ping,
    Push,
    check_hmac,
    check_json,
    foreign,
    known_id,
    parse,
)


class _Repository(Body):
    full_name: str


class _Reference(Body):
    type: str
    name: str


class _Change(Body):
    """new: None when it was deleted."""

    new: _Reference | None


class _Changes(Body):
    changes: tuple[_Change, ...]


class _Push(Body):
    push: _Changes
    repository: _Repository


def understand(delivery: Delivery, settings: Bitbucket) -> Message:
    """Raises: Rejected."""
    check_hmac(delivery, "X-Hub-Signature", settings.secret)
    check_json(delivery)
    event = delivery.header("X-Event-Key")
    if event == "diagnostics:ping":
        return Ping()
    if event != "repo:push":
        return Ignored(f"the event is {event}, not repo:push")
    pushed = parse(_Push, delivery)
    if found := foreign(pushed.repository.full_name, settings.repository):
        return found
    there = [change.new for change in pushed.push.changes if change.new is not None]
    branches = dict.fromkeys(each.name for each in there if each.type == "branch")
    if not branches:
        return Ignored("a tag was pushed" if there else "what was pushed was deleted")
    return Push(id=known_id(delivery.header("X-Request-UUID")), branches=tuple(branches))
