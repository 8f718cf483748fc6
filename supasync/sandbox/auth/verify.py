"""POST /verify: a session for a one-time token, by its hash or by address and digits.

Source: internal/api/verify.go of supabase/auth.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from psycopg.types.json import Jsonb
from starlette.responses import JSONResponse, RedirectResponse, Response

from supasync.sandbox.auth import audit, email_change, otp, password, session
from supasync.sandbox.auth.call import Call, Connection
from supasync.sandbox.auth.checks import email_address, merged, redirect_target
from supasync.sandbox.auth.errors import AuthError, database_errors, invalid
from supasync.sandbox.auth.identity import identities_of, mark_verified
from supasync.sandbox.auth.otp import TokenType
from supasync.sandbox.auth.registration import confirm
from supasync.sandbox.auth.user import User, find_by_email, load, update

FORBIDDEN = "Token has expired or is invalid"
LINK_FORBIDDEN = "Email link is invalid or has expired"
FIRST_OF_TWO = "Confirmation link accepted. Please proceed to confirm link sent to the other email"
KINDS: dict[str, tuple[TokenType, ...]] = {
    "signup": ("confirmation_token",),
    "invite": ("confirmation_token",),
    "recovery": ("recovery_token",),
    "magiclink": ("recovery_token",),
    "email": ("confirmation_token", "recovery_token"),
    "email_change": ("email_change_token_current", "email_change_token_new"),
}


@dataclass(frozen=True)
class Proof:
    """What the client brings: the hash of a token, for an address when the digits were typed."""

    type: str
    token_hash: str
    email: str = ""


async def verify(call: Call) -> Response:
    params = await call.params()
    kind, token, hashed = (params.text(name) for name in ("type", "token", "token_hash"))
    if not kind:
        raise invalid("Verify requires a verification type")
    if bool(token) == bool(hashed):
        raise invalid("Verify requires either a token or a token hash")
    email, phone = params.text("email"), params.text("phone")
    if hashed:
        if email or phone or params.text("redirect_to"):
            raise invalid("Only the token_hash and type should be provided")
        return JSONResponse(await _exchange(call, Proof(kind, hashed)))
    if phone and not email:
        # Phone sign-in is off in a new project, so no digits were ever sent to a phone.
        raise AuthError(403, "otp_expired", FORBIDDEN)
    if not email or phone:
        raise invalid("Only an email address or phone number should be provided on verify")
    email = email_address(email)
    return JSONResponse(await _exchange(call, Proof(kind, otp.token_hash(email, token), email)))


async def follow_link(call: Call) -> Response:
    """GET /verify: what the link in a mail leads to; the session is in the redirect's fragment."""
    query = call.request.query_params
    target = redirect_target(call.project, query.get("redirect_to"))
    try:
        if not query.get("token"):
            raise invalid("Verify requires a token or a token hash")
        answer = await _exchange(call, Proof(query.get("type", ""), query["token"]))
    except AuthError as error:
        answer = {
            "error": "access_denied" if error.status == 403 else "invalid_request",
            "error_code": error.code,
            "error_description": error.message,
        }
    answer = {"type": query.get("type", ""), **answer, "sb": ""}
    answer.pop("user", None)
    return RedirectResponse(f"{target}#{urlencode(answer)}", status_code=303)


async def _exchange(call: Call, proof: Proof) -> dict[str, Any]:
    """Spends the token; the Session, or the message that a second token is still needed."""
    connection = call.connection
    async with connection.transaction():
        user, proof = await _holder(call, proof)
        if proof.type in {"signup", "invite"}:
            await _confirmed(call, user)
        elif proof.type == "email_change":
            if not await email_change.accept(connection, user, proof.token_hash):
                return {"msg": FIRST_OF_TWO, "code": "200"}
        else:
            await _recovered(connection, user)
        await _note_providers(connection, await load(connection, user.id))
        with database_errors("Database error granting user"):
            return await session.open_session(call, user, "otp")


async def _holder(call: Call, proof: Proof) -> tuple[User, Proof]:
    """Whose token it is, and as which type it counts: `email` is either of two."""
    if proof.type not in KINDS:
        raise invalid("Invalid email verification type")
    user = await _user_of(call, proof)
    refusal = AuthError(403, "otp_expired", FORBIDDEN if proof.email else LINK_FORBIDDEN)
    if user is None:
        raise refusal
    if user.is_banned:
        raise AuthError(403, "user_banned", "User is banned")
    for kind in KINDS[proof.type]:
        sent_at: datetime | None = getattr(user, otp.SENT_AT[kind])
        if getattr(user, kind) == proof.token_hash and otp.is_fresh(call.project, sent_at):
            if proof.type == "email":
                as_type = "signup" if kind == "confirmation_token" else "magiclink"
                return user, replace(proof, type=as_type)
            return user, proof
    raise refusal


async def _user_of(call: Call, proof: Proof) -> User | None:
    if proof.email and proof.type != "email_change":
        with database_errors("Database error finding user"):
            return await find_by_email(call.connection, proof.email, call.audience)
    with database_errors("Database error finding user from email link"):
        return await otp.find_user(call.connection, proof.token_hash, KINDS[proof.type])


async def _confirmed(call: Call, user: User) -> None:
    connection = call.connection
    if not user.encrypted_password and user.invited_at is not None:
        await password.change(call, user, password.generated(), keep_session=None)
    await audit.record(connection, "user_signedup", user, provider="email")
    with database_errors("Error confirming user"):
        await confirm(connection, user)
    if user.email:
        await mark_verified(connection, user.id, user.email)


async def _recovered(connection: Connection, user: User) -> None:
    with database_errors("Database error updating user"):
        await update(connection, user.id, recovery_token="")
        await otp.clear(connection, user.id)
        if user.is_confirmed:
            await audit.record(connection, "login", user)
        else:
            await audit.record(connection, "user_signedup", user, provider="email")
            await confirm(connection, user)


async def _note_providers(connection: Connection, user: User) -> None:
    """app_metadata names the providers of the identities the user now has."""
    providers = [each.provider for each in await identities_of(connection, user.id)]
    updates: dict[str, Any] = {"providers": providers}
    if providers:
        updates["provider"] = providers[0]
    metadata = merged(user.raw_app_meta_data, updates)
    await update(connection, user.id, raw_app_meta_data=Jsonb(metadata))
