"""A row of auth.identities: by which provider a user is known.

Source: internal/models/identity.go of supabase/auth.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from supasync.sandbox.auth.call import Connection
from supasync.sandbox.auth.errors import ScanError
from supasync.sandbox.auth.timestamps import rfc3339

Provider = Literal["email", "phone"]


@dataclass(frozen=True, kw_only=True)
class Identity:
    id: UUID
    provider_id: str
    user_id: UUID
    identity_data: dict[str, Any]
    provider: str
    last_sign_in_at: datetime | None
    created_at: datetime | None
    updated_at: datetime | None
    email: str | None

    def to_json(self) -> dict[str, Any]:
        every = {
            "identity_id": str(self.id),
            "id": self.provider_id,
            "user_id": str(self.user_id),
            "identity_data": self.identity_data or None,
            "provider": self.provider,
            "last_sign_in_at": rfc3339(self.last_sign_in_at),
            "created_at": rfc3339(self.created_at),
            "updated_at": rfc3339(self.updated_at),
            "email": self.email or None,
        }
        return {name: value for name, value in every.items() if value is not None}


async def identities_of(connection: Connection, user_id: UUID) -> list[Identity]:
    """Raises ScanError when created_at or updated_at is NULL: the service cannot read that."""
    async with connection.cursor(row_factory=class_row(Identity)) as cursor:
        await cursor.execute(
            """select id, provider_id, user_id, identity_data, provider, last_sign_in_at,
                created_at, updated_at, email
               from auth.identities where user_id = %s order by created_at, id""",
            [user_id],
        )
        found = await cursor.fetchall()
    if any(each.created_at is None or each.updated_at is None for each in found):
        raise ScanError("unsupported Scan, storing driver.Value type <nil> into type *time.Time")
    return found


async def create_identity(
    connection: Connection,
    user_id: UUID,
    provider: Provider,
    claims: Mapping[str, Any],
) -> None:
    """The user's e-mail or phone as an identity of its own; its provider id is the user's id."""
    data = {"email_verified": False, "phone_verified": False, "sub": str(user_id), **claims}
    await connection.execute(
        """insert into auth.identities (id, provider_id, user_id, identity_data, provider,
             last_sign_in_at, created_at, updated_at)
           values (gen_random_uuid(), %s, %s, %s, %s, now(), now(), now())""",
        [str(user_id), user_id, Jsonb(data), provider],
    )


async def put_identity(
    connection: Connection, user_id: UUID, provider: Provider, claims: Mapping[str, Any]
) -> None:
    """Changes the user's identity of this provider, or makes it."""
    changed = await connection.execute(
        """update auth.identities set identity_data = identity_data || %s, updated_at = now()
           where provider_id = %s and provider = %s""",
        [Jsonb(dict(claims)), str(user_id), provider],
    )
    if changed.rowcount == 0:
        await create_identity(connection, user_id, provider, claims)


async def mark_verified(connection: Connection, user_id: UUID, email: str) -> None:
    """Notes in the user's identities with this address that it is theirs."""
    await connection.execute(
        """update auth.identities set updated_at = now(),
             identity_data = identity_data || '{"email_verified": true}'
           where user_id = %s and email = %s""",
        [user_id, email],
    )
