"""POST /token: a session for a password or a refresh token.

Source: internal/api/token.go and internal/tokens/service.go of supabase/auth.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from psycopg.rows import class_row
from starlette.responses import JSONResponse, Response

from supasync.sandbox.auth import audit, password, session
from supasync.sandbox.auth.call import Call, Connection
from supasync.sandbox.auth.checks import check_captcha, check_email_enabled
from supasync.sandbox.auth.errors import AuthError, OAuthError, database_errors, invalid
from supasync.sandbox.auth.params import Params
from supasync.sandbox.auth.user import User, find_by_email, find_by_id

REUSE_INTERVAL = timedelta(seconds=10)


async def token(call: Call) -> Response:
    grant_type = call.request.query_params.get("grant_type")
    if grant_type == "password":
        return await _password_grant(call, await call.params())
    if grant_type == "refresh_token":
        return await _refresh_grant(call, await call.params())
    raise AuthError(400, "invalid_credentials", "unsupported_grant_type")


async def _password_grant(call: Call, params: Params) -> Response:
    check_captcha(call, params)
    user = await _authenticated(call, params)
    async with call.connection.transaction():
        await audit.record(call.connection, "login", user, provider="email")
        with database_errors("Database error granting user"):
            answer = await session.open_session(call, user, "password")
    try:
        password.check_strength(call.project, params.text("password"))
    except AuthError as weak:
        if not weak.weak_password:  # too long for bcrypt, and still it matched: no advice on that
            return JSONResponse(answer)
        answer["weak_password"] = {"message": weak.message, "reasons": [*weak.weak_password]}
    return JSONResponse(answer)


async def _authenticated(call: Call, params: Params) -> User:
    """Checked in the service's order: a banned user is told so before the password is looked at,
    an unconfirmed one after."""
    email, phone = params.text("email"), params.text("phone")
    if email and phone:
        raise invalid("Only an email address or phone number should be provided on login.")
    if phone:
        raise AuthError(422, "phone_provider_disabled", "Phone logins are disabled")
    if not email:
        raise invalid("missing email or phone")
    check_email_enabled(call.project)
    with database_errors("Database error querying schema"):
        user = await find_by_email(call.connection, email, call.audience)
    if user is None or not user.encrypted_password:
        raise AuthError(400, "invalid_credentials", "Invalid login credentials")
    if user.is_banned:
        raise AuthError(400, "user_banned", "User is banned")
    if not await password.matches(call.project, user, params.text("password")):
        raise AuthError(400, "invalid_credentials", "Invalid login credentials")
    if not user.is_confirmed:
        raise AuthError(400, "email_not_confirmed", "Email not confirmed")
    return user


@dataclass(frozen=True, kw_only=True)
class RefreshToken:
    token: str
    user_id: str
    session_id: UUID | None
    revoked: bool
    updated_at: datetime
    successor: str | None
    """The session's active token, when it was given out for this one."""


async def _refresh_grant(call: Call, params: Params) -> Response:
    wanted = params.text("refresh_token")
    if not wanted:
        raise OAuthError("invalid_request", "refresh_token required")
    async with call.connection.transaction():
        found = await _find_refresh_token(call.connection, wanted)
        user = await find_by_id(call.connection, UUID(found.user_id)) if found else None
        if found is None or user is None:
            message = "Invalid Refresh Token: Refresh Token Not Found"
            raise AuthError(400, "refresh_token_not_found", message)
        if user.is_banned:
            raise AuthError(400, "user_banned", "Invalid Refresh Token: User Banned")
        if found.session_id is None:
            message = "Invalid Refresh Token: No Valid Session Found"
            raise AuthError(400, "session_not_found", message)
        issued = await _rotated(call.connection, user, found, found.session_id)
        if issued is not None:
            await _touch(call, found.session_id)
            answer = await session.session_json(call, user, found.session_id, issued)
            return JSONResponse(answer)
    # Outside of the transaction: the revocation of the family stays.
    raise AuthError(400, "refresh_token_already_used", "Invalid Refresh Token: Already Used")


async def _find_refresh_token(connection: Connection, token: str) -> RefreshToken | None:
    async with connection.cursor(row_factory=class_row(RefreshToken)) as cursor:
        # First the lock, then a look with a new snapshot: of two at once the second sees the first.
        await cursor.execute("select from auth.refresh_tokens where token = %s for update", [token])
        await cursor.execute(
            """select t.token, t.user_id, t.session_id, t.revoked, t.updated_at,
                 (select c.token from auth.refresh_tokens c
                   where c.session_id = t.session_id and not c.revoked and c.parent = t.token
                   limit 1) as successor
               from auth.refresh_tokens t where t.token = %s""",
            [token],
        )
        return await cursor.fetchone()


async def _rotated(
    connection: Connection, user: User, used: RefreshToken, session_id: UUID
) -> str | None:
    """The token that follows `used`. A used one is answered again when its successor was perhaps
    never received, or within the reuse interval; otherwise None, and its whole family is revoked.
    """
    await audit.record(connection, "token_refreshed", user)
    if used.revoked and used.successor:
        return used.successor
    if used.revoked and datetime.now(UTC) > used.updated_at + REUSE_INTERVAL:
        await connection.execute(
            """update auth.refresh_tokens set revoked = true, updated_at = now()
               where session_id = %s and not revoked""",
            [session_id],
        )
        return None
    await audit.record(connection, "token_revoked", user)
    await connection.execute(
        """update auth.refresh_tokens set revoked = true, updated_at = clock_timestamp()
           where token = %s""",
        [used.token],
    )
    return await session.grant(connection, user.id, session_id, parent=used.token)


async def _touch(call: Call, session_id: UUID) -> None:
    await call.connection.execute(
        """update auth.sessions set refreshed_at = now(), user_agent = %s, ip = %s,
             updated_at = now() where id = %s""",
        [call.user_agent, call.ip, session_id],
    )
