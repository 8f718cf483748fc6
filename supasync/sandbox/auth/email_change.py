"""Changing the address: a token for the new one and, as a new project has it, one for the old.

Source: sendEmailChange in internal/api/mail.go and emailChangeVerify in internal/api/verify.go of
supabase/auth.
"""

from __future__ import annotations

from supasync.sandbox.auth import audit, otp
from supasync.sandbox.auth.call import Connection
from supasync.sandbox.auth.identity import put_identity
from supasync.sandbox.auth.registration import confirm
from supasync.sandbox.auth.user import User, load, update


async def ask(connection: Connection, user: User, new_email: str) -> None:
    """Stores both tokens; the sandbox sends no mail."""
    otp.check_frequency(user.email_change_sent_at)
    await begin(connection, user, new_email)
    await store_new(connection, user, new_email, otp.digits())
    if user.email:
        await store_current(connection, user, otp.digits())


async def begin(connection: Connection, user: User, new_email: str) -> None:
    await update(connection, user.id, email_change=new_email, email_change_confirm_status=0)


async def store_current(connection: Connection, user: User, code: str) -> None:
    email = user.email or ""
    token = otp.token_hash(email, code)
    await otp.store(connection, user.id, "email_change_token_current", email, token)


async def store_new(connection: Connection, user: User, new_email: str, code: str) -> None:
    token = otp.token_hash(new_email, code)
    await otp.store(connection, user.id, "email_change_token_new", new_email, token)


async def accept(connection: Connection, user: User, token: str) -> bool:
    """Spends one of the two tokens; True when that was the last and the address is changed."""
    if user.email_change_confirm_status == 0 and user.email:
        current = token == user.email_change_token_current
        spent: otp.TokenType = "email_change_token_current" if current else "email_change_token_new"
        await update(connection, user.id, email_change_confirm_status=1, **{spent: ""})
        await otp.clear(connection, user.id, spent)
        return False
    await audit.record(connection, "user_modified", user)
    claims = {"email": user.email_change, "email_verified": True}
    await put_identity(connection, user.id, "email", claims)
    await update(
        connection,
        user.id,
        email=user.email_change,
        email_change="",
        email_change_token_current="",
        email_change_token_new="",
        email_change_confirm_status=0,
    )
    await otp.clear(connection, user.id)
    if not user.is_confirmed:
        await confirm(connection, await load(connection, user.id))
    return True
