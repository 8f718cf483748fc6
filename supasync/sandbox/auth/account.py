"""GET and PUT /user, POST /logout: what people do with their own account.

Source: internal/api/auth.go, user.go and logout.go of supabase/auth.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from psycopg.types.json import Jsonb
from starlette.responses import JSONResponse, Response

from supasync.sandbox.auth import audit, email_change, password, session
from supasync.sandbox.auth.call import Call, Connection
from supasync.sandbox.auth.checks import email_address, merged
from supasync.sandbox.auth.errors import AuthError, database_errors, invalid
from supasync.sandbox.auth.params import Params
from supasync.sandbox.auth.user import (
    NIL_INSTANCE,
    User,
    find_by_id,
    find_by_identity_email,
    load,
    shown,
    update,
)
from supasync.sandbox.project import Project


@dataclass(frozen=True)
class Caller:
    user: User
    session_id: str | None
    audience: str


async def _authenticate(call: Call) -> Caller:
    """Who the bearer is. Raises AuthError 403 for a user or a session that is gone."""
    claims = call.claims()
    if not claims.get("sub"):
        raise AuthError(403, "bad_jwt", "invalid claim: missing sub claim")
    user_id = _uuid(claims["sub"])
    if user_id is None:
        raise AuthError(400, "bad_jwt", "invalid claim: sub claim must be a UUID")
    user = await find_by_id(call.connection, user_id)
    if user is None:
        raise AuthError(403, "user_not_found", "User from sub claim in JWT does not exist")
    session_id = claims.get("session_id") or None
    if session_id is not None and session_id != str(NIL_INSTANCE):
        await _check_session(call.connection, str(session_id))
    if user.is_banned:
        raise AuthError(403, "user_banned", "User is banned")
    return Caller(user, session_id, str(claims.get("aud") or ""))


async def _check_session(connection: Connection, session_id: str) -> None:
    if _uuid(session_id) is None:
        raise AuthError(403, "bad_jwt", "invalid claim: session_id claim must be a UUID")
    cursor = await connection.execute("select from auth.sessions where id = %s", [session_id])
    if await cursor.fetchone() is None:
        message = "Session from session_id claim in JWT does not exist"
        raise AuthError(403, "session_not_found", message)


def _uuid(text: object) -> UUID | None:
    try:
        return UUID(str(text))
    except ValueError:
        return None


async def get_user(call: Call) -> Response:
    caller = await _authenticate(call)
    if not caller.audience or call.asked_audience not in {None, caller.audience}:
        raise invalid("Token audience doesn't match request audience")
    return JSONResponse(await shown(call.connection, caller.user.id))


async def update_user(call: Call) -> Response:
    caller = await _authenticate(call)
    user, connection, params = caller.user, call.connection, await call.params()
    new_email = email_address(params.text("email")) if params.text("email") else ""
    if params.text("phone"):
        # The service would send a text message; a new project has nobody who does.
        raise AuthError(500, "unexpected_failure", "Unable to get SMS provider")
    if params.optional_text("password") is not None:
        password.check_strength(call.project, params.text("password"))
    if params.object("app_metadata") is not None:
        message = "Updating app_metadata requires admin privileges"
        raise AuthError(403, "not_admin", message)
    if new_email == (user.email or ""):
        new_email = ""
    await _check_free(call, user, new_email)
    if params.text("password"):
        await _check_different(call.project, user, params.text("password"))
    async with connection.transaction():
        await _apply(call, caller, params, new_email)
    return JSONResponse(await shown(connection, user.id))


async def _check_free(call: Call, user: User, new_email: str) -> None:
    if not new_email:
        return
    with database_errors("Database error checking email"):
        taken = await find_by_identity_email(call.connection, new_email, user.aud, but_not=user.id)
    if taken is not None:
        message = "A user with this email address has already been registered"
        raise AuthError(422, "email_exists", message)


async def _check_different(project: Project, user: User, new_password: str) -> None:
    if await password.matches(project, user, new_password):
        message = "New password should be different from the old password."
        raise AuthError(422, "same_password", message)


async def _apply(call: Call, caller: Caller, params: Params, new_email: str) -> None:
    user, connection = caller.user, call.connection
    if params.text("password"):
        with database_errors("Error during password storage"):
            await password.change(
                call, user, params.text("password"), keep_session=caller.session_id
            )
        await audit.record(connection, "user_updated_password", user)
    data = params.object("data")
    if data is not None:
        metadata = merged(user.raw_user_meta_data, data)
        with database_errors("Error updating user"):
            await update(connection, user.id, raw_user_meta_data=Jsonb(metadata))
    if new_email:
        await email_change.ask(connection, await load(connection, user.id), new_email)
    await audit.record(connection, "user_modified", user)


async def logout(call: Call) -> Response:
    """Ends this session, the others, or (`scope` unset or `global`) all of the user's."""
    caller = await _authenticate(call)
    scope = call.request.query_params.get("scope") or "global"
    if scope not in {"global", "local", "others"}:
        raise invalid(f'Unsupported logout scope "{scope}"')
    connection, user = call.connection, caller.user
    with database_errors("Error logging out user"):
        async with connection.transaction():
            await audit.record(connection, "logout", user)
            if scope == "local" and caller.session_id:
                await connection.execute(
                    "delete from auth.sessions where id = %s", [caller.session_id]
                )
            else:
                keep = caller.session_id if scope == "others" else None
                await session.end_sessions(connection, user.id, but_not=keep)
    return Response(status_code=204)
