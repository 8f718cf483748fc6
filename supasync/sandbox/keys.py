"""Refs, tokens and keys in the platform's formats, random."""

from __future__ import annotations

import secrets
import string
import time
from collections.abc import Mapping
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
        anon=bearer(ref, secret, {"role": "anon"}),
        service_role=bearer(ref, secret, {"role": "service_role"}),
        publishable=new_token("publishable"),
        secret=new_token("secret"),
    )


def new_token(kind: str) -> str:
    """An API key of the newer generation. kind: publishable or secret."""
    return f"sb_{kind}_{_opaque()}"


def bearer(ref: str, secret: str, claims: Mapping[str, object]) -> str:
    """A JWT of the project that lives ten years; claims has at least the role."""
    issued = int(time.time())
    standing = {"iss": "supabase", "ref": ref, "iat": issued, "exp": issued + TEN_YEARS}
    return jwt.encode({**claims, **standing}, secret, algorithm="HS256")


def _opaque() -> str:
    return f"{secrets.token_urlsafe(16)[:22]}_{secrets.token_hex(4)}"
