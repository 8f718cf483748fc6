"""A delivery as it came, what it can mean, and the checks that senders share."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, SecretStr, ValidationError
from standardwebhooks import Webhook, WebhookVerificationError

_JSON = "application/json"
_HEADS, _TAGS = "refs/heads/", "refs/tags/"
_LONGEST_ID = 200
_IDS = (
    "x-github-delivery",
    "idempotency-key",
    "x-gitlab-event-uuid",
    "x-request-uuid",
    "webhook-id",
)


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """headers: by lower-case name. body: as it was signed. query: of the URL."""

    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    query: Mapping[str, str] = field(default_factory=dict, repr=False)

    def header(self, name: str) -> str:
        """Raises: Rejected when it is missing."""
        found = self.headers.get(name.lower(), "").strip()
        if not found:
            raise Rejected(400, f"the header {name} is missing")
        return found


@dataclass(frozen=True, kw_only=True)
class Push:
    """id: the sender's for this delivery, the same when it is delivered again. branches: names of
    git branches or, from the platform, references."""

    id: str
    branches: tuple[str, ...]


@dataclass(frozen=True)
class Ping:
    """The sender tries whether anybody answers."""


@dataclass(frozen=True)
class Ignored:
    """Authentic, and no reason to look at a branch."""

    reason: str


Message = Push | Ping | Ignored


class Rejected(Exception):
    """A delivery that is not what it should be. status: the HTTP answer's."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status, self.reason = status, reason


class Body(BaseModel):
    """The part of a payload that is read; the rest may be anything."""

    model_config = ConfigDict(strict=True, frozen=True, extra="ignore", hide_input_in_errors=True)


B = TypeVar("B", bound=Body)


def check_hmac(delivery: Delivery, header: str, secret: SecretStr) -> None:
    """`sha256=` and the hex HMAC-SHA256 of the raw body. Raises: Rejected."""
    given = delivery.headers.get(header.lower(), "")
    if not given:
        raise Rejected(401, f"the header {header} is missing: give the webhook its secret")
    key = secret.get_secret_value().encode()
    wanted = "sha256=" + hmac.new(key, delivery.body, hashlib.sha256).hexdigest()
    if not same(wanted, given):
        raise Rejected(401, f"{header} does not match: the secrets differ, or the body was changed")


def check_standard(delivery: Delivery, secret: SecretStr) -> str:
    """The delivery's id, signed by the Standard Webhooks scheme not more than five minutes ago.

    Raises: Rejected.
    """
    if "webhook-signature" not in delivery.headers:
        raise Rejected(401, "the header webhook-signature is missing: give the webhook its secret")
    try:
        hook = Webhook(secret.get_secret_value())
        hook.verify(delivery.body, dict(delivery.headers), json_parse=False)
    except (WebhookVerificationError, ValueError) as error:  # or no base64, or no text
        raise Rejected(401, f"webhook-signature does not hold: {_known(error)}") from None
    return known_id(delivery.headers["webhook-id"])


def same(wanted: str, given: str) -> bool:
    """In a time that tells nothing of where they differ."""
    return hmac.compare_digest(wanted.encode(), given.encode())


def known_id(text: str) -> str:
    """A delivery's id, as part of a job's; an odd one is replaced by its digest."""
    if len(text) <= _LONGEST_ID and text.isascii() and text.isprintable():
        return text
    return hashlib.sha256(text.encode()).hexdigest()


def claimed_id(headers: Mapping[str, str]) -> str:
    """How whoever sent this calls it, authentic or not, for the log; "" when it has no name."""
    return known_id(next((headers[name] for name in _IDS if headers.get(name)), ""))


def check_json(delivery: Delivery) -> None:
    """Raises: Rejected for a form, which senders offer as another content type."""
    kind = delivery.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != _JSON:
        told = f"the content type is {kind or 'missing'}"
        raise Rejected(415, f"{told}: set the webhook's to {_JSON}")


def parse(body: type[B], delivery: Delivery) -> B:
    """Raises: Rejected for what is no JSON, or another one."""
    try:
        return body.model_validate_json(delivery.body)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        told = f"{where}: {first['msg']}" if where else first["msg"]
        raise Rejected(400, f"the body is not understood: {told}") from None


def branch_of(ref: str) -> str | Ignored:
    """`feature/x` of `refs/heads/feature/x`."""
    if ref.startswith(_HEADS):
        return ref.removeprefix(_HEADS)
    return Ignored("a tag was pushed" if ref.startswith(_TAGS) else "no branch was pushed")


def foreign(repository: str, wanted: str) -> Ignored | None:
    """Case does not count: the hosts redirect one spelling to the other."""
    if repository.casefold() == wanted.casefold():
        return None
    return Ignored(f"the repository is {repository}, and {wanted} is configured")


def _known(error: Exception) -> str:
    return str(error) if isinstance(error, WebhookVerificationError) else "it is malformed"
