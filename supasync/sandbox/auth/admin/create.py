"""POST /admin/users. The order of the checks is the service's.

Source: adminUserCreate in internal/api/admin.go of supabase/auth.
"""

from __future__ import annotations

from uuid import UUID, uuid4

from psycopg.types.json import Jsonb
from starlette.responses import JSONResponse, Response

from supasync.sandbox.auth import audit, password
from supasync.sandbox.auth.admin.ban import ban_of
from supasync.sandbox.auth.call import Call, Connection
from supasync.sandbox.auth.checks import email_address, merged, phone_number
from supasync.sandbox.auth.errors import AuthError, database_errors, invalid
from supasync.sandbox.auth.identity import create_identity
from supasync.sandbox.auth.params import Params
from supasync.sandbox.auth.registration import (
    DEFAULT_ROLE,
    NewUser,
    confirm,
    confirm_phone,
    insert_user,
)
from supasync.sandbox.auth.user import (
    NIL_INSTANCE,
    User,
    find_by_identity_email,
    find_by_phone,
    load,
    shown,
    update,
)
from supasync.sandbox.project import Project


async def create_user(call: Call) -> Response:
    call.require_admin()
    params = await call.params()
    email, phone, audience = await _checked_address(call, params)
    secret = await _password_hash(call.project, params)
    new = NewUser(
        audience=audience,
        email=email,
        phone=phone,
        password_hash=secret,
        user_metadata=params.object("user_metadata"),
        id=_wanted_id(params) or uuid4(),
    )
    ban = ban_of(params)
    with database_errors("Database error creating new user"):
        async with call.connection.transaction():
            user = await insert_user(call.connection, new)
            await _complete(call.connection, user, params)
            if ban is not None:
                await update(call.connection, user.id, banned_until=ban.value)
    return JSONResponse(await shown(call.connection, user.id))


async def _checked_address(call: Call, params: Params) -> tuple[str, str, str]:
    """E-mail, phone (either may be "") and audience, not taken by anybody."""
    email, phone = params.text("email"), params.text("phone")
    audience = params.text("aud") or call.audience
    if not email and not phone:
        raise invalid("Cannot create a user without either an email or phone")
    if email:
        email = email_address(email)
        with database_errors("Database error checking email"):
            taken = await find_by_identity_email(call.connection, email, audience)
        if taken:
            message = "A user with this email address has already been registered"
            raise AuthError(422, "email_exists", message)
    if phone:
        phone = phone_number(phone)
        with database_errors("Database error checking phone"):
            holder = await find_by_phone(call.connection, phone, audience)
        if holder:
            message = "Phone number already registered by another user"
            raise AuthError(422, "phone_exists", message)
    return email, phone, audience


async def _password_hash(project: Project, params: Params) -> str:
    """No strength is asked of an administrator's passwords, only that bcrypt can take them."""
    clear, known_hash = params.optional_text("password"), params.text("password_hash")
    if clear is not None and known_hash:
        raise invalid("Only a password or a password hash should be provided")
    if known_hash:
        return password.imported(known_hash)
    clear = clear or password.generated()
    if len(clear.encode()) > password.MAX_BYTES:
        raise invalid(f"bcrypt: password length exceeds {password.MAX_BYTES} bytes")
    return await password.hashed(project, clear)


def _wanted_id(params: Params) -> UUID | None:
    if not params.text("id"):
        return None
    try:
        user_id = UUID(params.text("id"))
    except ValueError as error:
        raise invalid("ID must conform to the uuid v4 format") from error
    if user_id == NIL_INSTANCE:
        raise invalid("ID cannot be a nil uuid")
    return user_id


async def _complete(connection: Connection, user: User, params: Params) -> None:
    if user.email:
        await create_identity(connection, user.id, "email", {"email": user.email})
    if user.phone:
        await create_identity(connection, user.id, "phone", {"phone": user.phone})
    await audit.record_of_user(connection, "user_signedup", user)
    await update(connection, user.id, role=params.text("role").strip() or DEFAULT_ROLE)
    app_metadata = params.object("app_metadata")
    if app_metadata is not None:
        metadata = merged(user.raw_app_meta_data, app_metadata)
        await update(connection, user.id, raw_app_meta_data=Jsonb(metadata))
    if params.flag("email_confirm"):
        await confirm(connection, await load(connection, user.id))
    if params.flag("phone_confirm"):
        await confirm_phone(connection, user)
