"""A row of auth.users: how it is found, read, and shown.

Source: internal/models/user.go of supabase/auth. Every lookup is by the nil instance_id, so rows
that a seed wrote without one do not exist for the service.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from psycopg.rows import dict_row

from supasync.sandbox.auth.call import Connection
from supasync.sandbox.auth.errors import ScanError
from supasync.sandbox.auth.identity import Identity, identities_of
from supasync.sandbox.auth.timestamps import rfc3339

NIL_INSTANCE = UUID(int=0)


@dataclass(frozen=True, kw_only=True)
class User:
    """The columns the service reads. A `str` or `datetime` here that is NULL there is a ScanError:
    the confirmation, recovery and e-mail change tokens have no default in the table."""

    id: UUID
    aud: str
    role: str
    email: str | None
    phone: str | None
    encrypted_password: str | None
    email_confirmed_at: datetime | None
    phone_confirmed_at: datetime | None
    confirmed_at: datetime | None
    invited_at: datetime | None
    confirmation_token: str
    confirmation_sent_at: datetime | None
    recovery_token: str
    recovery_sent_at: datetime | None
    email_change: str
    email_change_token_current: str
    email_change_token_new: str
    email_change_sent_at: datetime | None
    email_change_confirm_status: int
    phone_change: str
    phone_change_token: str
    phone_change_sent_at: datetime | None
    reauthentication_token: str
    reauthentication_sent_at: datetime | None
    last_sign_in_at: datetime | None
    raw_app_meta_data: dict[str, Any] | None
    raw_user_meta_data: dict[str, Any] | None
    created_at: datetime
    updated_at: datetime
    banned_until: datetime | None
    deleted_at: datetime | None
    is_sso_user: bool
    is_anonymous: bool

    @property
    def is_confirmed(self) -> bool:
        return self.email_confirmed_at is not None

    @property
    def is_banned(self) -> bool:
        return self.banned_until is not None and datetime.now(UTC) < self.banned_until

    def to_json(self, identities: Sequence[Identity] | None) -> dict[str, Any]:
        """The User object of the API; what is empty is left out, `identities` None is null."""
        every = {
            "id": str(self.id),
            "aud": self.aud,
            "role": self.role,
            "email": self.email or "",
            "email_confirmed_at": rfc3339(self.email_confirmed_at),
            "invited_at": rfc3339(self.invited_at),
            "phone": self.phone or "",
            "phone_confirmed_at": rfc3339(self.phone_confirmed_at),
            "confirmation_sent_at": rfc3339(self.confirmation_sent_at),
            "confirmed_at": rfc3339(self.confirmed_at),
            "recovery_sent_at": rfc3339(self.recovery_sent_at),
            "new_email": self.email_change or None,
            "email_change_sent_at": rfc3339(self.email_change_sent_at),
            "new_phone": self.phone_change or None,
            "phone_change_sent_at": rfc3339(self.phone_change_sent_at),
            "reauthentication_sent_at": rfc3339(self.reauthentication_sent_at),
            "last_sign_in_at": rfc3339(self.last_sign_in_at),
            "app_metadata": self.raw_app_meta_data or {},
            "user_metadata": self.raw_user_meta_data or {},
            "identities": None if identities is None else [each.to_json() for each in identities],
            "created_at": rfc3339(self.created_at),
            "updated_at": rfc3339(self.updated_at),
            "banned_until": rfc3339(self.banned_until),
            "deleted_at": rfc3339(self.deleted_at),
            "is_anonymous": self.is_anonymous,
        }
        return {
            name: value
            for name, value in every.items()
            if value is not None or name == "identities"
        }


COLUMNS = ", ".join(field.name for field in fields(User))
NEVER_NULL = tuple(field.name for field in fields(User) if "None" not in str(field.type))


async def select_users(
    connection: Connection, rest: str, params: Mapping[str, object]
) -> list[User]:
    """The users that `rest`, the SQL after FROM, leaves. Raises ScanError."""
    async with connection.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(f"select {COLUMNS} from auth.users {rest}", params)
        return [_scan(row) for row in await cursor.fetchall()]


def _scan(row: Mapping[str, Any]) -> User:
    for name in NEVER_NULL:
        if row[name] is None:
            raise ScanError(f'name "{name}": converting NULL to string is unsupported')
    return User(**row)


async def find_by_id(connection: Connection, user_id: UUID) -> User | None:
    where = "where instance_id = %(instance)s and id = %(id)s limit 1"
    return await _first(connection, where, {"instance": NIL_INSTANCE, "id": user_id})


async def find_by_email(connection: Connection, email: str, audience: str) -> User | None:
    where = """where instance_id = %(instance)s and lower(email) = %(email)s and aud = %(aud)s
        and is_sso_user = false limit 1"""
    params = {"instance": NIL_INSTANCE, "email": email.lower(), "aud": audience}
    return await _first(connection, where, params)


async def find_by_phone(connection: Connection, phone: str, audience: str) -> User | None:
    where = """where instance_id = %(instance)s and phone = %(phone)s and aud = %(aud)s
        and is_sso_user = false limit 1"""
    params = {"instance": NIL_INSTANCE, "phone": phone, "aud": audience}
    return await _first(connection, where, params)


async def find_by_identity_email(
    connection: Connection, email: str, audience: str, *, but_not: UUID | None = None
) -> User | None:
    """Who holds this address already, by an identity (not of single sign-on) or by the row."""
    where = """where instance_id = %(instance)s and aud = %(aud)s
        and id is distinct from %(but_not)s and id in (select user_id from auth.identities
          where email = %(email)s and provider not like 'sso:%%') limit 1"""
    params = {
        "instance": NIL_INSTANCE,
        "aud": audience,
        "but_not": but_not,
        "email": email.lower(),
    }
    by_identity = await _first(connection, where, params)
    if by_identity is not None:
        return by_identity
    by_row = await find_by_email(connection, email, audience)
    return None if by_row is None or by_row.id == but_not else by_row


async def load(connection: Connection, user_id: UUID) -> User:
    """The row as it is now; raises ScanError when it is gone, which a trigger may have done."""
    user = await find_by_id(connection, user_id)
    if user is None:
        raise ScanError("no rows in result set")
    return user


async def shown(connection: Connection, user_id: UUID) -> dict[str, Any]:
    """The User object with its identities, as every answer but the list has it."""
    user = await load(connection, user_id)
    return user.to_json(await identities_of(connection, user_id))


async def update(connection: Connection, user_id: UUID, **columns: object) -> None:
    """Sets columns of the row, and its updated_at."""
    assignments = ", ".join(f"{name} = %({name})s" for name in columns)
    await connection.execute(
        f"update auth.users set {assignments}, updated_at = clock_timestamp() where id = %(id)s",
        {**columns, "id": user_id},
    )


async def _first(connection: Connection, rest: str, params: Mapping[str, object]) -> User | None:
    found = await select_users(connection, rest, params)
    return found[0] if found else None
