"""Sessions, refresh tokens and the JWTs made from them.

Source: internal/tokens/service.go and internal/models/refresh_token.go of supabase/auth.
"""

from __future__ import annotations

import secrets
import string
import time
from typing import Any, Literal
from uuid import UUID, uuid4

import jwt

from supasync.sandbox import gateway
from supasync.sandbox.auth.call import Call, Connection
from supasync.sandbox.auth.user import NIL_INSTANCE, User, load, shown

Method = Literal["password", "otp"]
TOKEN_LENGTH = 12
TOKEN_ALPHABET = string.ascii_lowercase + string.digits


async def open_session(call: Call, user: User, method: Method) -> dict[str, Any]:
    """A new session of the user, as the Session object of the API."""
    connection, session_id = call.connection, uuid4()
    await connection.execute(
        """insert into auth.sessions (id, user_id, created_at, updated_at, aal, user_agent, ip)
           values (%s, %s, now(), now(), 'aal1', %s, %s)""",
        [session_id, user.id, call.user_agent, call.ip],
    )
    await connection.execute(
        """insert into auth.mfa_amr_claims (id, session_id, created_at, updated_at,
             authentication_method) values (gen_random_uuid(), %s, now(), now(), %s)""",
        [session_id, method],
    )
    refresh_token = await grant(connection, user.id, session_id)
    await connection.execute(
        "update auth.users set last_sign_in_at = now(), updated_at = now() where id = %s",
        [user.id],
    )
    return await session_json(call, user, session_id, refresh_token)


async def grant(
    connection: Connection, user_id: UUID, session_id: UUID, parent: str | None = None
) -> str:
    """A new refresh token of the session, in the place of `parent`."""
    token = "".join(secrets.choice(TOKEN_ALPHABET) for _ in range(TOKEN_LENGTH))
    await connection.execute(
        """insert into auth.refresh_tokens
             (instance_id, token, user_id, revoked, created_at, updated_at, parent, session_id)
           values (%s, %s, %s, false, clock_timestamp(), clock_timestamp(), %s, %s)""",
        [NIL_INSTANCE, token, str(user_id), parent, session_id],
    )
    return token


async def session_json(
    call: Call, user: User, session_id: UUID, refresh_token: str
) -> dict[str, Any]:
    now, seconds = int(time.time()), call.project.config.auth.number("jwt_exp")
    fresh = await load(call.connection, user.id)
    return {
        "access_token": await _access_token(call, fresh, session_id, now, now + seconds),
        "token_type": "bearer",
        "expires_in": seconds,
        "expires_at": now + seconds,
        "refresh_token": refresh_token,
        "user": await shown(call.connection, user.id),
    }


async def _access_token(call: Call, user: User, session_id: UUID, now: int, expires: int) -> str:
    cursor = await call.connection.execute(
        """select authentication_method, extract(epoch from created_at)::bigint
           from auth.mfa_amr_claims where session_id = %s order by created_at desc""",
        [session_id],
    )
    methods = [{"method": row[0], "timestamp": row[1]} for row in await cursor.fetchall()]
    claims = {
        "aud": user.aud,
        "exp": expires,
        "iat": now,
        "iss": f"{call.project.project_url}/auth/v1",
        "sub": str(user.id),
        "email": user.email or "",
        "phone": user.phone or "",
        "app_metadata": user.raw_app_meta_data or {},
        "user_metadata": user.raw_user_meta_data or {},
        "role": user.role,
        "aal": "aal1",
        "amr": methods,
        "session_id": str(session_id),
        "is_anonymous": user.is_anonymous,
    }
    return jwt.encode(claims, call.project.keys.jwt_secret, algorithm=gateway.ALGORITHM)


async def end_sessions(
    connection: Connection, user_id: UUID, *, but_not: str | None = None
) -> None:
    """Ends the user's sessions; their refresh tokens go with them."""
    await connection.execute(
        "delete from auth.sessions where user_id = %s and id is distinct from %s::uuid",
        [user_id, but_not],
    )
