"""POST /admin/generate_link and /invite: one-time tokens in an administrator's hand, no mail.

Source: adminGenerateLink in internal/api/mail.go of supabase/auth.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from psycopg.types.json import Jsonb
from starlette.responses import JSONResponse, Response

from supasync.sandbox.auth import audit, email_change, otp, password
from supasync.sandbox.auth.call import Call
from supasync.sandbox.auth.checks import email_address, merged, redirect_target
from supasync.sandbox.auth.errors import AuthError, database_errors, invalid
from supasync.sandbox.auth.params import Params
from supasync.sandbox.auth.registration import sign_up
from supasync.sandbox.auth.user import (
    User,
    find_by_email,
    find_by_identity_email,
    shown,
    update,
)

EMAIL_EXISTS = "A user with this email address has already been registered"
EMAIL_CHANGES = frozenset({"email_change_current", "email_change_new"})


@dataclass(frozen=True)
class Link:
    """A link that is being made."""

    call: Call
    params: Params
    type: str
    email: str
    code: str = field(default_factory=otp.digits)

    @property
    def token(self) -> str:
        return otp.token_hash(self.email, self.code)


async def generate_link(call: Call) -> Response:
    call.require_admin()
    params = await call.params()
    email = email_address(params.text("email"))
    redirect = params.text("redirect_to") or call.request.query_params.get("redirect_to")
    with database_errors("Database error finding user"):
        user = await find_by_email(call.connection, email, call.audience)
    kind = params.text("type")
    if user is None and kind == "magiclink":
        kind = "signup"  # a stranger's first link: the user is made
    if user is None and kind in {"recovery", *EMAIL_CHANGES}:
        raise AuthError(404, "user_not_found", "User with this email not found")
    link = Link(call, params, kind, email)
    async with call.connection.transaction():
        user, token = await _prepare(link, user)
    return JSONResponse(await _answer(link, user, token, redirect_target(call.project, redirect)))


async def invite(call: Call) -> Response:
    """The invitation's token is stored; the sandbox sends no mail."""
    call.require_admin()
    params = await call.params()
    email = email_address(params.text("email"))
    with database_errors("Database error finding user"):
        user = await find_by_email(call.connection, email, call.audience)
    async with call.connection.transaction():
        user, _ = await _signup(Link(call, params, "invite", email), user)
    return JSONResponse(await shown(call.connection, user.id))


async def _prepare(link: Link, user: User | None) -> tuple[User, str]:
    """Stores the token; the user it is for, and the token of the link."""
    if link.type in {"signup", "invite"}:
        return await _signup(link, user)
    if user is None or link.type not in {"magiclink", "recovery", *EMAIL_CHANGES}:
        raise invalid(f"Invalid email action link type requested: {link.type}")
    if link.type in EMAIL_CHANGES:
        return await _email_change(link, user)
    connection = link.call.connection
    await audit.record(connection, "user_recovery_requested", user)
    await otp.store(connection, user.id, "recovery_token", link.email, link.token)
    return user, link.token


async def _signup(link: Link, user: User | None) -> tuple[User, str]:
    connection, data = link.call.connection, link.params.object("data")
    invited = link.type == "invite"
    if user is not None and user.is_confirmed:
        raise AuthError(422, "email_exists", EMAIL_EXISTS)
    if user is None:
        clear = "" if invited else _signup_password(link.call, link.params)
        user = await sign_up(link.call, link.email, clear, data)
    elif data and not invited:
        metadata = merged(user.raw_user_meta_data, data)
        await update(connection, user.id, raw_user_meta_data=Jsonb(metadata))
    if invited:
        await audit.record_of_user(connection, "user_invited", user)
        await update(connection, user.id, invited_at=datetime.now(UTC))
    await otp.store(connection, user.id, "confirmation_token", link.email, link.token)
    return user, link.token


def _signup_password(call: Call, params: Params) -> str:
    """A link to sign up needs one; a magic link for a stranger gets one nobody knows."""
    if params.text("type") == "magiclink":
        return password.generated()
    clear = params.text("password")
    if not clear:
        raise invalid("Signup requires a valid password")
    password.check_strength(call.project, clear)
    return clear


async def _email_change(link: Link, user: User) -> tuple[User, str]:
    connection = link.call.connection
    new_email = email_address(link.params.text("new_email"))
    with database_errors("Database error checking email"):
        taken = await find_by_identity_email(connection, new_email, user.aud, but_not=user.id)
    if taken is not None:
        raise AuthError(422, "email_exists", EMAIL_EXISTS)
    await email_change.begin(connection, user, new_email)
    if link.type == "email_change_current":
        await email_change.store_current(connection, user, link.code)
        return user, link.token
    await email_change.store_new(connection, user, new_email, link.code)
    return user, otp.token_hash(new_email, link.code)


async def _answer(link: Link, user: User, token: str, redirect: str) -> dict[str, Any]:
    """The User object with the link's parts beside its own."""
    verified_as = "email_change" if link.type in EMAIL_CHANGES else link.type
    # The service escapes a redirect only when it has characters of a query of its own.
    shown_redirect = quote(redirect, safe="") if set(redirect) & set("&=#") else redirect
    base = f"{link.call.project.project_url}/auth/v1/verify"
    return {
        **await shown(link.call.connection, user.id),
        "action_link": f"{base}?token={token}&type={verified_as}&redirect_to={shown_redirect}",
        "email_otp": link.code,
        "hashed_token": link.token,
        "verification_type": link.type,
        "redirect_to": redirect,
    }
