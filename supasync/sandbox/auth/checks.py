"""What the service accepts as an e-mail address, a phone number, metadata, a redirect."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from supasync.sandbox.auth.call import Call
from supasync.sandbox.auth.errors import AuthError, invalid
from supasync.sandbox.auth.params import Params
from supasync.sandbox.project import Project

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
MAX_EMAIL_BYTES = 255
LABEL = "[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?"
# badoux/checkmail's ValidateFormat, which the service calls.
EMAIL = re.compile(rf"[a-zA-Z0-9.!#$%&'*+/=?^_`{{|}}~-]+@{LABEL}(?:\.{LABEL})*")
E164 = re.compile("[1-9][0-9]{1,14}")


def email_address(text: str) -> str:
    """The address in lower case."""
    if not text:
        raise invalid("An email address is required")
    if len(text.encode()) > MAX_EMAIL_BYTES:
        raise invalid("An email address is too long")
    if not EMAIL.fullmatch(text):
        raise invalid("Unable to validate email address: invalid format")
    return text.lower()


def phone_number(text: str) -> str:
    """The digits of an E.164 number, without the plus."""
    digits = text.replace(" ", "").removeprefix("+")
    if not E164.fullmatch(digits):
        raise invalid("Invalid phone number format (E.164 required)")
    return digits


def merged(known: Mapping[str, Any] | None, updates: Mapping[str, Any]) -> dict[str, Any]:
    """Metadata is merged key by key; null deletes a key, unless there was no metadata at all."""
    if known is None:
        return dict(updates)
    return {name: value for name, value in {**known, **updates}.items() if value is not None}


def redirect_target(project: Project, wanted: str | None) -> str:
    """Where a link leads in the end: what was wanted when it is allowed, else the site's URL.

    Its own site is allowed; the sandbox takes every port of this machine for it.
    """
    if wanted and urlsplit(wanted).hostname in LOOPBACK:
        return wanted
    return project.config.auth.text("site_url")


def check_captcha(call: Call, params: Params) -> None:
    """AuthError 400 where the project wants a captcha solved, which nobody can here; who has an
    admin's key is not asked (internal/api/middleware.go)."""
    if not call.project.config.auth.flag("security_captcha_enabled"):
        return
    try:
        call.require_admin()
    except AuthError:
        given = (params.object("gotrue_meta_security") or {}).get("captcha_token")
        why = "invalid-input-response" if given else "no captcha_token found"
        message = f"captcha protection: request disallowed ({why})"
        raise AuthError(400, "captcha_failed", message) from None


def check_email_enabled(project: Project) -> None:
    """AuthError 422 when nobody may log in by e-mail."""
    if not project.config.auth.flag("external_email_enabled"):
        raise AuthError(422, "email_provider_disabled", "Email logins are disabled")
