"""The platform itself, in two ways.

Its webhooks are signed by the Standard Webhooks scheme
(https://supabase.com/docs/guides/platform/webhooks). A branch's `notify_url` is called when an
action run ends; no signature is documented for it, so the URL carries a token: `?token=…`.
"""

from __future__ import annotations

from supasync.config import Supabase
from supasync.service.webhooks.delivery import (
    Body,
    Delivery,
    Ignored,
    Message,
    Ping,
    Push,
    Rejected,
    check_json,
    check_standard,
    known_id,
    parse,
    same,
)

_REASONS = frozenset({"v1.project.branch.created", "v1.project.branch.updated"})
_COMPLETED = "run.completed"


class _Branch(Body):
    ref: str


class _Payload(Body):
    branch: _Branch | None = None
    is_test: bool = False


class _Event(Body):
    type: str
    payload: _Payload


class _ActionRun(Body):
    id: str


class _Completed(Body):
    project_ref: str
    action_run: _ActionRun


class _Notification(Body):
    type: str
    data: _Completed


def understand(delivery: Delivery, settings: Supabase) -> Message:
    """Raises: Rejected."""
    if "token" in delivery.query:
        return _notified(delivery, settings)
    if settings.secret is None:
        raise Rejected(401, "the platform's webhooks are not configured: add secret")
    delivered = check_standard(delivery, settings.secret)
    check_json(delivery)
    event = parse(_Event, delivery)
    if event.payload.is_test:
        return Ping()
    if event.type not in _REASONS or event.payload.branch is None:
        return Ignored(f"the event is {event.type}, which changes no branch's schema")
    return Push(id=delivered, branches=(event.payload.branch.ref,))


def _notified(delivery: Delivery, settings: Supabase) -> Message:
    token = settings.notify_token
    if token is None or not same(token.get_secret_value(), delivery.query["token"]):
        raise Rejected(401, "the URL's token does not match notify_token")
    check_json(delivery)
    told = parse(_Notification, delivery)
    if told.type != _COMPLETED:
        return Ignored(f"the event is {told.type}, not {_COMPLETED}")
    return Push(id=known_id(told.data.action_run.id), branches=(told.data.project_ref,))
