"""Passwords: bcrypt, computed by pgcrypto in the project's own database, as `postgres`: the
service's own role may not use schema extensions, and it hashes in its own process.

Source: internal/api/password.go and internal/models/user.go of supabase/auth; the defaults are a
new project's.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence

from supasync.sandbox.auth import otp
from supasync.sandbox.auth.call import Call
from supasync.sandbox.auth.errors import AuthError, invalid
from supasync.sandbox.auth.session import end_sessions
from supasync.sandbox.auth.user import User, update
from supasync.sandbox.project import Project

MAX_BYTES = 72
COST = 10
BCRYPT = re.compile(r"\$2[abxy]?\$\d\d\$[./A-Za-z0-9]{53}")


def check_strength(project: Project, password: str) -> None:
    """AuthError 400 when bcrypt cannot take it, 422 weak_password when it is shorter than the
    project wants."""
    if len(password.encode()) > MAX_BYTES:
        raise invalid(f"Password cannot be longer than {MAX_BYTES} characters")
    least = project.config.auth.number("password_min_length")
    if len(password.encode()) < least:
        message = f"Password should be at least {least} characters."
        raise AuthError(422, "weak_password", message, weak_password=["length"])


def generated() -> str:
    """A password nobody knows, for users who come without one."""
    return secrets.token_urlsafe(48)


async def hashed(project: Project, password: str) -> str:
    salted = "extensions.crypt(%s, extensions.gen_salt('bf', %s))"
    return await _computed(project, salted, [password, COST])


def imported(password_hash: str) -> str:
    """A bcrypt hash made elsewhere, as pgcrypto reads it; AuthError for other kinds.

    $2b$ and $2y$ name fixed versions of the same function; pgcrypto knows $2a$ only.
    """
    if not BCRYPT.fullmatch(password_hash):
        raise AuthError(500, "unexpected_failure", "Error creating user")
    return "$2a$" + password_hash.split("$", 2)[2]


async def matches(project: Project, user: User, password: str) -> bool:
    if not user.encrypted_password:
        return False
    known = re.sub(r"^\$2[by]\$", "$2a$", user.encrypted_password)
    return await _computed(project, "extensions.crypt(%s, %s)", [password, known]) == known


async def _computed(project: Project, expression: str, values: Sequence[object]) -> str:
    async with await project.connect("postgres") as connection:
        cursor = await connection.execute(f"select {expression}", values)
        row = await cursor.fetchone()
    return str(row[0]) if row else ""


async def change(call: Call, user: User, password: str, *, keep_session: str | None) -> None:
    """Sets the password; "" leaves the user without one.

    What was asked for under the old one does not hold any more: all tokens are cleared, and all
    sessions but `keep_session` end.
    """
    secret = await hashed(call.project, password) if password else None
    await update(
        call.connection,
        user.id,
        encrypted_password=secret,
        confirmation_token="",
        confirmation_sent_at=None,
        recovery_token="",
        recovery_sent_at=None,
        email_change_token_current="",
        email_change_token_new="",
        email_change_sent_at=None,
        phone_change_token="",
        phone_change_sent_at=None,
        reauthentication_token="",
        reauthentication_sent_at=None,
    )
    await otp.clear(call.connection, user.id)
    await end_sessions(call.connection, user.id, but_not=keep_session)
