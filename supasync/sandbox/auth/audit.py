"""Rows of auth.audit_log_entries. Source: internal/models/audit_log_entry.go of supabase/auth."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from supasync.sandbox.auth.call import Connection
from supasync.sandbox.auth.user import NIL_INSTANCE, User

LOG_TYPES = {
    "login": "account",
    "logout": "account",
    "user_signedup": "team",
    "user_invited": "team",
    "user_deleted": "team",
    "token_revoked": "token",
    "token_refreshed": "token",
    "user_modified": "user",
    "user_recovery_requested": "user",
    "user_confirmation_requested": "user",
    "user_repeated_signup": "user",
    "user_updated_password": "user",
}


async def record(
    connection: Connection, action: str, actor: User | None = None, **traits: object
) -> None:
    """Notes who did what; without an actor it was an administrator, by the service_role key."""
    payload: dict[str, Any] = {
        "actor_id": str(actor.id if actor else UUID(int=0)),
        "actor_username": (actor.phone or actor.email or "") if actor else "service_role",
        "actor_via_sso": actor.is_sso_user if actor else False,
        "action": action,
        "log_type": LOG_TYPES[action],
    }
    full_name = (actor.raw_user_meta_data or {}).get("full_name") if actor else None
    if full_name is not None:
        payload["actor_name"] = full_name
    if traits:
        payload["traits"] = traits
    await connection.execute(
        """insert into auth.audit_log_entries (instance_id, id, payload, created_at, ip_address)
           values (%s, gen_random_uuid(), %s, now(), '')""",
        [NIL_INSTANCE, json.dumps(payload)],
    )


async def record_of_user(connection: Connection, action: str, user: User) -> None:
    """What an administrator did to this user."""
    await record(
        connection,
        action,
        user_id=str(user.id),
        user_email=user.email or "",
        user_phone=user.phone or "",
    )
