"""Making users: the steps that sign-up, invitations and links have in common.

Source: signupNewUser in internal/api/signup.go and Confirm in internal/models/user.go of
supabase/auth. The row is inserted bare and completed by updates, because triggers of the
application's own see each step.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from psycopg.types.json import Jsonb

from supasync.sandbox.auth import otp, password
from supasync.sandbox.auth.call import Call, Connection
from supasync.sandbox.auth.checks import merged
from supasync.sandbox.auth.errors import database_errors
from supasync.sandbox.auth.identity import create_identity
from supasync.sandbox.auth.user import NIL_INSTANCE, User, load, update

DEFAULT_ROLE = "authenticated"


@dataclass(frozen=True, kw_only=True)
class NewUser:
    """What a row starts with. An empty e-mail or phone is none; one of them is given."""

    audience: str
    email: str = ""
    phone: str = ""
    password_hash: str
    user_metadata: Mapping[str, Any] | None
    id: UUID = field(default_factory=uuid4)


async def insert_user(connection: Connection, new: NewUser) -> User:
    """The bare row: no role yet, not confirmed."""
    providers = [name for name in ("email", "phone") if getattr(new, name)]
    await connection.execute(
        """insert into auth.users (instance_id, id, aud, role, email, phone, encrypted_password,
             confirmation_token, recovery_token, email_change_token_current,
             email_change_token_new, email_change, email_change_confirm_status,
             phone_change_token, phone_change, reauthentication_token,
             raw_app_meta_data, raw_user_meta_data, created_at, updated_at)
           values (%(instance)s, %(id)s, %(aud)s, '', %(email)s, %(phone)s, %(hash)s,
             '', '', '', '', '', 0, '', '', '', %(app)s, %(user)s,
             clock_timestamp(), clock_timestamp())""",
        {
            "instance": NIL_INSTANCE,
            "id": new.id,
            "aud": new.audience,
            "email": new.email or None,
            "phone": new.phone or None,
            "hash": new.password_hash,
            "app": Jsonb({"provider": providers[0], "providers": providers}),
            "user": Jsonb(dict(new.user_metadata or {})),
        },
    )
    return await load(connection, new.id)


async def sign_up(
    call: Call, email: str, clear_password: str, data: Mapping[str, Any] | None
) -> User:
    """A new, unconfirmed user with an e-mail identity; an empty password stays empty."""
    connection = call.connection
    secret = await password.hashed(call.project, clear_password) if clear_password else ""
    new = NewUser(audience=call.audience, email=email, password_hash=secret, user_metadata=data)
    with database_errors("Database error saving new user"):
        await insert_user(connection, new)
        await update(connection, new.id, role=DEFAULT_ROLE)
    with database_errors("Error creating identity"):
        await create_identity(connection, new.id, "email", {"email": email})
    with database_errors("Database error loading user after sign-up"):
        return await load(connection, new.id)


async def confirm(connection: Connection, user: User) -> None:
    """The e-mail address is the user's: noted in the row and the metadata, tokens are spent."""
    metadata = merged(user.raw_user_meta_data, {"email_verified": True})
    await update(connection, user.id, confirmation_token="", email_confirmed_at=datetime.now(UTC))
    await update(connection, user.id, raw_user_meta_data=Jsonb(metadata))
    await otp.clear(connection, user.id)


async def confirm_phone(connection: Connection, user: User) -> None:
    await update(connection, user.id, confirmation_token="", phone_confirmed_at=datetime.now(UTC))
    await otp.clear(connection, user.id)


async def mail_confirmation(connection: Connection, user: User) -> None:
    """Stores the token a confirmation mail would carry; the sandbox sends none."""
    otp.check_frequency(user.confirmation_sent_at)
    email = user.email or ""
    code = otp.token_hash(email, otp.digits())
    await otp.store(connection, user.id, "confirmation_token", email, code)


async def mail_magic_link(connection: Connection, user: User) -> None:
    """Stores the token a magic link mail would carry; the sandbox sends none."""
    otp.check_frequency(user.recovery_sent_at)
    email = user.email or ""
    code = otp.token_hash(email, otp.digits())
    await otp.store(connection, user.id, "recovery_token", email, code)
