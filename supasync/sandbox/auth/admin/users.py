"""POST, GET, PUT and DELETE of single users below /admin/users.

Source: internal/api/admin.go of supabase/auth.
"""

from __future__ import annotations

import base64
import hashlib
from datetime import UTC, datetime
from uuid import UUID

from psycopg.types.json import Jsonb
from starlette.responses import JSONResponse, Response

from supasync.sandbox.auth import audit, otp, session
from supasync.sandbox.auth.call import Call, Connection
from supasync.sandbox.auth.errors import AuthError, database_errors
from supasync.sandbox.auth.identity import identities_of
from supasync.sandbox.auth.user import User, find_by_id, shown, update

PHONE_LENGTH = 15


async def load_user(call: Call) -> User:
    """The user of the path, for an administrator."""
    call.require_admin()
    try:
        user_id = UUID(call.request.path_params["user_id"])
    except ValueError as error:
        raise AuthError(404, "validation_failed", "user_id must be an UUID") from error
    with database_errors("Database error loading user"):
        user = await find_by_id(call.connection, user_id)
        if user is None:
            raise AuthError(404, "user_not_found", "User not found")
        await identities_of(call.connection, user_id)  # a broken one is as bad as a broken user
    return user


async def get_user(call: Call) -> Response:
    user = await load_user(call)
    return JSONResponse(await shown(call.connection, user.id))


async def delete_user(call: Call) -> Response:
    """The row and all that hangs on it; with `should_soft_delete` only what tells who it was."""
    user = await load_user(call)
    params = await call.params(required=False)
    connection = call.connection
    async with connection.transaction():
        await audit.record_of_user(connection, "user_deleted", user)
        if not params.flag("should_soft_delete"):
            with database_errors("Database error deleting user"):
                await connection.execute("delete from auth.users where id = %s", [user.id])
        elif user.deleted_at is None:
            with database_errors("Error soft deleting user"):
                await _soft_delete(connection, user)
    return JSONResponse({})


async def _soft_delete(connection: Connection, user: User) -> None:
    await update(
        connection,
        user.id,
        email=_obscured(user, user.email or ""),
        phone=_obscured(user, user.phone or "")[:PHONE_LENGTH],
        email_change=_obscured(user, user.email_change),
        phone_change=_obscured(user, user.phone_change)[:PHONE_LENGTH],
        encrypted_password=None,
        confirmation_token="",
        recovery_token="",
        email_change_token_current="",
        email_change_token_new="",
        phone_change_token="",
        raw_app_meta_data=Jsonb({}),
        raw_user_meta_data=Jsonb({}),
        deleted_at=datetime.now(UTC),
    )
    await otp.clear(connection, user.id)
    for identity in await identities_of(connection, user.id):
        await connection.execute(
            """update auth.identities set identity_data = '{}', provider_id = %s,
                 updated_at = now() where id = %s""",
            [_obscured(user, f"{identity.provider}:{identity.provider_id}"), identity.id],
        )
    for table in ("mfa_factors", "webauthn_credentials"):
        await connection.execute(f"delete from auth.{table} where user_id = %s", [user.id])
    await session.end_sessions(connection, user.id)


def _obscured(user: User, value: str) -> str:
    digest = hashlib.sha256(f"{user.id}{value}".encode()).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")
