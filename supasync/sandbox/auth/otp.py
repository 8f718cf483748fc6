"""One-time tokens: six digits for people, their hash in links and in auth.one_time_tokens.

Source: internal/models/one_time_token.go and internal/crypto/crypto.go of supabase/auth.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Literal
from uuid import UUID

from supasync.sandbox.auth.call import Connection
from supasync.sandbox.auth.errors import AuthError
from supasync.sandbox.auth.user import User, find_by_id, update
from supasync.sandbox.project import Project

TokenType = Literal[
    "confirmation_token",
    "recovery_token",
    "email_change_token_current",
    "email_change_token_new",
]
DIGITS = 6
UNSET_LIFETIME = timedelta(days=1)
BETWEEN_MAILS = timedelta(seconds=60)
SENT_AT: dict[TokenType, str] = {
    "confirmation_token": "confirmation_sent_at",
    "recovery_token": "recovery_sent_at",
    "email_change_token_current": "email_change_sent_at",
    "email_change_token_new": "email_change_sent_at",
}


def digits() -> str:
    return f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"


def token_hash(email: str, code: str) -> str:
    return hashlib.sha224((email + code).encode()).hexdigest()


def is_fresh(project: Project, sent_at: datetime | None) -> bool:
    """Of a lifetime of 0 the service makes a day (internal/conf/configuration.go)."""
    lives = timedelta(seconds=project.config.auth.number("mailer_otp_exp")) or UNSET_LIFETIME
    return sent_at is not None and datetime.now(UTC) <= sent_at + lives


def check_frequency(sent_at: datetime | None) -> None:
    """AuthError 429 when the last mail of this kind is less than a minute old."""
    if sent_at is None:
        return
    left = sent_at + BETWEEN_MAILS - datetime.now(UTC)
    if left > timedelta(0):
        message = (
            "For security purposes, you can only request this after "
            f"{int(left.total_seconds())} seconds."
        )
        raise AuthError(429, "over_email_send_rate_limit", message)


async def store(
    connection: Connection, user_id: UUID, kind: TokenType, relates_to: str, token: str
) -> None:
    """Makes `token` the user's only one of this kind."""
    await update(connection, user_id, **{kind: token, SENT_AT[kind]: datetime.now(UTC)})
    await clear(connection, user_id, kind)
    await connection.execute(
        """insert into auth.one_time_tokens (id, user_id, token_type, token_hash, relates_to)
           values (gen_random_uuid(), %s, %s, %s, %s)""",
        [user_id, kind, token, relates_to.lower()],
    )


async def find_user(connection: Connection, token: str, kinds: Sequence[TokenType]) -> User | None:
    """Whose token this is, when it is of one of these kinds; spent tokens have no row."""
    cursor = await connection.execute(
        """select user_id from auth.one_time_tokens
           where token_hash = %s and token_type::text = any(%s) limit 1""",
        [token, [*kinds]],
    )
    row = await cursor.fetchone()
    return await find_by_id(connection, UUID(str(row[0]))) if row else None


async def clear(connection: Connection, user_id: UUID, kind: TokenType | None = None) -> None:
    """Spends the user's tokens, of one kind or all."""
    await connection.execute(
        """delete from auth.one_time_tokens
           where user_id = %(user)s and (%(kind)s::text is null or token_type::text = %(kind)s)""",
        {"user": user_id, "kind": kind},
    )
