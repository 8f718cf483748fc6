"""What config.toml says of whom `supasync serve` tells what."""

from __future__ import annotations

from typing import Annotated, Literal, Self, TypeAlias
from urllib.parse import urlsplit

from pydantic import AfterValidator, SecretStr, model_validator

from supasync.config.section import Section, Text, problem
from supasync.config.service import StandardSecret
from supasync.settings import is_loopback

Occasion: TypeAlias = Literal["failed", "recovered", "drift"]


def _address(value: SecretStr) -> SecretStr:
    """Checked here, since a receiver's URL is a secret that no error may show."""
    text = value.get_secret_value()
    remedy = 'Write it as "env(NAME)", and set NAME to the address that the receiver gave.'
    try:
        url = urlsplit(text)
        host, _ = url.hostname or "", url.port
    except ValueError:
        raise problem("is not a URL", remedy) from None
    plain = text.isascii() and text.isprintable()
    if url.scheme not in {"http", "https"} or not host or not plain:
        raise problem("must be a URL that starts with https://", remedy)
    if url.username or url.password or url.fragment or " " in text:
        raise problem("must be a URL without user, password, # and blanks", remedy)
    if url.scheme == "http" and not is_loopback(host):
        raise problem("must start with https://; http:// is only for this machine", remedy)
    return value


Address: TypeAlias = Annotated[SecretStr, AfterValidator(_address)]


class Notify(Section):
    """kind: `slack` is what Slack calls an incoming webhook, which others understand as well;
    `webhook` is a message by the Standard Webhooks scheme, signed with `secret`. branches: none
    for all."""

    kind: Literal["slack", "webhook"]
    url: Address
    secret: StandardSecret | None = None
    branches: tuple[Text, ...] = ()
    events: tuple[Occasion, ...] = ("failed", "recovered", "drift")

    @model_validator(mode="after")
    def _signed(self) -> Self:
        if self.kind == "webhook" and self.secret is None:
            raise problem(
                "is missing: messages are signed with it",
                'Add secret = "env(NAME)": whsec_ and the base64 of 24 to 64 random bytes.',
                ("secret",),
            )
        if self.kind == "slack" and self.secret is not None:
            raise problem(
                "is not used: an incoming webhook has no signature", "Take it out.", ("secret",)
            )
        return self
