"""GitHub: https://docs.github.com/en/webhooks/webhook-events-and-payloads#push."""

from __future__ import annotations

from supasync.config import Github
from supasync.service.webhooks.delivery import (
    Body,
    Delivery,
    Ignored,
    Message,
    Ping,
    Push,
    branch_of,
    check_hmac,
    check_json,
    foreign,
    known_id,
    parse,
)


class _Repository(Body):
    full_name: str


class _Push(Body):
    ref: str
    deleted: bool = False
    repository: _Repository


def understand(delivery: Delivery, settings: Github) -> Message:
    """Raises: Rejected."""
    check_hmac(delivery, "X-Hub-Signature-256", settings.secret)
    check_json(delivery)
    event = delivery.header("X-GitHub-Event")
    if event == "ping":
        return Ping()
    if event != "push":
        return Ignored(f"the event is {event}, not push")
    pushed = parse(_Push, delivery)
    if found := foreign(pushed.repository.full_name, settings.repository):
        return found
    branch = branch_of(pushed.ref)
    if isinstance(branch, Ignored):
        return branch
    if pushed.deleted:
        return Ignored(f"the git branch {branch} was deleted")
    return Push(id=known_id(delivery.header("X-GitHub-Delivery")), branches=(branch,))
