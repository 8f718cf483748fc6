"""Settings of Auth. What is a secret, or may have one in it, is never shown."""

from __future__ import annotations

import re
from typing import Any, Final

from supasync import copyable
from supasync.copyable.auth import is_secret
from supasync.parity.aspect import Aspect
from supasync.parity.end import End
from supasync.parity.fact import Fact, Facts, hidden, plain, presence

_HASH = re.compile(r"[0-9a-f]{64}")
_SHOWN = re.compile(
    r"""(?x) external_\w+_(client_id|additional_client_ids|url)
    | (db_max_pool_size_unit|sessions_tags|nimbus_oauth_client_id|oauth_server_authorization_path)
    | (security_captcha|sms)_provider | saml_external_url
    | smtp_(admin_email|host|port|sender_name) | webauthn_rp_\w+"""
)
"""Texts that are public or tell nothing; of a text with another name nobody knows."""


async def read(end: End) -> Facts:
    settings = await end.client.config.get(end.ref, "auth")
    return {name: _fact(name, value) for name, value in settings.items()}


def _fact(name: str, value: Any) -> Fact:
    if is_secret(name) or (isinstance(value, str) and _HASH.fullmatch(value)):
        return presence(value)
    shown = f"auth.{name}" in copyable.RULES or _SHOWN.fullmatch(name)
    return plain(value) if shown or isinstance(value, bool | int | float) else hidden(value)


ASPECT: Final = Aspect(name="auth", permission="auth_config_read", read=read)
