"""POST /signup, /otp and /magiclink: people who ask for an account or a link themselves.

Source: internal/api/signup.go, otp.go and magic_link.go of supabase/auth. Phone and anonymous
sign-ins are off, as in a new project.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from psycopg.types.json import Jsonb
from starlette.responses import JSONResponse, Response

from supasync.sandbox.auth import audit, password
from supasync.sandbox.auth.call import Call, Connection
from supasync.sandbox.auth.checks import check_captcha, check_email_enabled, email_address
from supasync.sandbox.auth.errors import AuthError, database_errors, invalid
from supasync.sandbox.auth.registration import (
    confirm,
    mail_confirmation,
    mail_magic_link,
    sign_up,
)
from supasync.sandbox.auth.session import open_session
from supasync.sandbox.auth.timestamps import rfc3339
from supasync.sandbox.auth.user import (
    User,
    find_by_email,
    find_by_identity_email,
    load,
    shown,
)


async def signup(call: Call) -> Response:
    params = await call.params()
    check_captcha(call, params)
    email, phone = params.text("email"), params.text("phone")
    if not email and not phone:
        message = "Anonymous sign-ins are disabled"
        raise AuthError(422, "anonymous_provider_disabled", message)
    _check_open(call)
    clear = params.text("password")
    if not clear:
        raise invalid("Signup requires a valid password")
    password.check_strength(call.project, clear)
    if email and phone:
        raise invalid("Only an email address or phone number should be provided on signup.")
    if phone:
        raise AuthError(400, "phone_provider_disabled", "Phone signups are disabled")
    if not call.project.config.auth.flag("external_email_enabled"):
        raise AuthError(400, "email_provider_disabled", "Email signups are disabled")
    return JSONResponse(await _register(call, email_address(email), clear, params.object("data")))


def _check_open(call: Call) -> None:
    if call.project.config.auth.flag("disable_signup"):
        raise AuthError(422, "signup_disabled", "Signups not allowed for this instance")


async def _register(
    call: Call, email: str, clear_password: str, data: Mapping[str, Any] | None
) -> dict[str, Any]:
    """The new user, or where addresses count as confirmed a session of theirs."""
    connection = call.connection
    confirmed = call.project.config.auth.flag("mailer_autoconfirm")
    with database_errors("Database error finding user"):
        known = await find_by_identity_email(connection, email, call.audience)
    if known is not None and known.is_confirmed:
        await audit.record(connection, "user_repeated_signup", known, provider="email")
        if confirmed:
            raise AuthError(422, "user_already_exists", "User already registered")
        return _nobody(known, call, data)
    async with connection.transaction():
        user = known or await sign_up(call, email, clear_password, data)
        if known is None:
            await _merge_claims(connection, user, data)
        if confirmed:
            await audit.record(connection, "user_signedup", user, provider="email")
            await confirm(connection, await load(connection, user.id))
        else:
            await audit.record(connection, "user_confirmation_requested", user, provider="email")
            await mail_confirmation(connection, user)
            return await shown(connection, user.id)
    async with connection.transaction():
        await audit.record(connection, "login", user, provider="email")
        return await open_session(call, await load(connection, user.id), "password")


async def _merge_claims(connection: Connection, user: User, data: Mapping[str, Any] | None) -> None:
    """Until the address is confirmed, identity and metadata both are what was claimed."""
    await connection.execute(
        """with claimed as (
             update auth.identities set identity_data = %s || identity_data
             where user_id = %s returning user_id, identity_data)
           update auth.users u set raw_user_meta_data = claimed.identity_data
           from claimed where u.id = claimed.user_id""",
        [Jsonb(dict(data or {})), user.id],
    )


def _nobody(known: User, call: Call, data: Mapping[str, Any] | None) -> dict[str, Any]:
    """What a stranger sees of a taken address: a user who looks new and does not exist."""
    now = rfc3339(datetime.now(UTC))
    return {
        "id": str(uuid4()),
        "aud": call.audience,
        "role": "",
        "email": known.email,
        "phone": "",
        "confirmation_sent_at": now,
        "app_metadata": {"provider": "email", "providers": ["email"]},
        "user_metadata": dict(data or {}),
        "identities": [],
        "created_at": now,
        "updated_at": now,
        "is_anonymous": False,
    }


async def one_time_password(call: Call) -> Response:
    """POST /otp. `create_user` is true unless the client says otherwise."""
    params = await call.params()
    check_captcha(call, params)
    email, phone = params.text("email"), params.text("phone")
    if email and phone:
        raise invalid("Only an email address or phone number should be provided")
    if phone:
        raise AuthError(400, "phone_provider_disabled", "Unsupported phone provider")
    if not params.flag("create_user", default=True):
        known = await find_by_email(call.connection, email_address(email), call.audience)
        if known is None:
            raise AuthError(422, "otp_disabled", "Signups not allowed for otp")
    if not email:
        raise invalid("One of email or phone must be set")
    return await _magic_link(call, email, params.object("data"))


async def magic_link(call: Call) -> Response:
    params = await call.params()
    check_captcha(call, params)
    if not params.text("email"):
        raise AuthError(422, "validation_failed", "Password recovery requires an email")
    return await _magic_link(call, params.text("email"), params.object("data"))


async def _magic_link(call: Call, email: str, data: Mapping[str, Any] | None) -> Response:
    """A link for a confirmed user; anybody else is signed up, and confirming logs them in. Where
    addresses count as confirmed, both."""
    check_email_enabled(call.project)
    email = email_address(email)
    user = await _find(call, email)
    if user is None or not user.is_confirmed:
        _check_open(call)
        await _register(call, email, password.generated(), data)
        user = await _find(call, email)
    if user is None or not user.is_confirmed:
        return JSONResponse({})
    async with call.connection.transaction():
        await audit.record(call.connection, "user_recovery_requested", user)
        with database_errors("Error sending magic link email"):
            await mail_magic_link(call.connection, user)
    return JSONResponse({})


async def _find(call: Call, email: str) -> User | None:
    with database_errors("Database error finding user"):
        return await find_by_email(call.connection, email, call.audience)
