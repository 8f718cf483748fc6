"""Refs, tokens and keys in the platform's formats, random."""

from __future__ import annotations

import secrets
import string
import time
from typing import Final

import jwt

from supasync.sandbox.project import Keys

TEN_YEARS: Final = 10 * 365 * 24 * 3600


def new_ref() -> str:
    """A project's ref: twenty lower-case letters."""
    return "".join(secrets.choice(string.ascii_lowercase) for _ in range(20))


def new_access_token() -> str:
    """A personal access token: `sbp_` and 40 hexadecimal digits."""
    return "sbp_" + secrets.token_hex(20)


def new_keys(ref: str) -> Keys:
    """Both generations of a project's keys. The legacy ones are JWTs that live ten years."""
    secret = secrets.token_urlsafe(48)
    return Keys(
        jwt_secret=secret,
        anon=_legacy(ref, "anon", secret),
        service_role=_legacy(ref, "service_role", secret),
        publishable=f"sb_publishable_{_opaque()}",
        secret=f"sb_secret_{_opaque()}",
    )


def _legacy(ref: str, role: str, secret: str) -> str:
    issued = int(time.time())
    claims = {"iss": "supabase", "ref": ref, "role": role, "iat": issued, "exp": issued + TEN_YEARS}
    return jwt.encode(claims, secret, algorithm="HS256")


def _opaque() -> str:
    return f"{secrets.token_urlsafe(16)[:22]}_{secrets.token_hex(4)}"
