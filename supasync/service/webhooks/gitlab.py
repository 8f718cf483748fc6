"""GitLab: https://docs.gitlab.com/user/project/integrations/webhook_events/#push-events.

Deliveries are signed by the Standard Webhooks scheme (since 19.0), or carry a token as it is.
"""

from __future__ import annotations

import hashlib

from supasync.config import Gitlab
from supasync.service.webhooks.delivery import (
    Body,
    Delivery,
    Ignored,
    Message,
    Push,
    Rejected,
    branch_of,
    check_json,
    check_standard,
    foreign,
    known_id,
    parse,
    same,
)

_NOBODY = "0" * 40
"""The commit before a branch was made, and after it was deleted."""

_IDS = ("idempotency-key", "x-gitlab-event-uuid")
"""Headers with the delivery's id, the newer one first."""


class _Project(Body):
    path_with_namespace: str


class _Push(Body):
    ref: str
    after: str
    project: _Project


def understand(delivery: Delivery, settings: Gitlab) -> Message:
    """Raises: Rejected."""
    delivered = _authentic(delivery, settings)
    check_json(delivery)
    event = delivery.header("X-Gitlab-Event")
    if event != "Push Hook":
        return Ignored(f"the event is {event}, not Push Hook")
    pushed = parse(_Push, delivery)
    if found := foreign(pushed.project.path_with_namespace, settings.repository):
        return found
    branch = branch_of(pushed.ref)
    if isinstance(branch, Ignored):
        return branch
    if pushed.after == _NOBODY:
        return Ignored(f"the git branch {branch} was deleted")
    return Push(id=delivered, branches=(branch,))


def _authentic(delivery: Delivery, settings: Gitlab) -> str:
    """The delivery's id; of one that has none, the body's digest."""
    if settings.signing_token is not None:
        return check_standard(delivery, settings.signing_token)
    given = delivery.headers.get("x-gitlab-token", "")
    if not given:
        raise Rejected(401, "the header X-Gitlab-Token is missing: give the webhook its token")
    if settings.token is None or not same(settings.token.get_secret_value(), given):
        raise Rejected(401, "X-Gitlab-Token does not match the configured token")
    ids = (delivery.headers.get(name) for name in _IDS)
    found = next((each for each in ids if each), None)
    return known_id(found) if found else hashlib.sha256(delivery.body).hexdigest()
