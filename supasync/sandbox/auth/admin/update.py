"""PUT /admin/users/ID.

Source: adminUserUpdate in internal/api/admin.go of supabase/auth.
"""

from __future__ import annotations

from psycopg.types.json import Jsonb
from starlette.responses import JSONResponse, Response

from supasync.sandbox.auth import audit, password
from supasync.sandbox.auth.admin.ban import ban_of
from supasync.sandbox.auth.admin.users import load_user
from supasync.sandbox.auth.call import Call, Connection
from supasync.sandbox.auth.checks import email_address, merged, phone_number
from supasync.sandbox.auth.errors import database_errors
from supasync.sandbox.auth.identity import put_identity
from supasync.sandbox.auth.params import Params
from supasync.sandbox.auth.registration import confirm, confirm_phone
from supasync.sandbox.auth.user import User, load, shown, update


async def update_user(call: Call) -> Response:
    """What is given is changed. Anything the database refuses, a taken address too, is 500."""
    user = await load_user(call)
    params = await call.params()
    email = email_address(params.text("email")) if params.text("email") else ""
    phone = phone_number(params.text("phone")) if params.text("phone") else ""
    ban = ban_of(params)
    if params.optional_text("password") is not None:
        password.check_strength(call.project, params.text("password"))
    connection = call.connection
    with database_errors("Error updating user"):
        async with connection.transaction():
            await _confirm(connection, user, params)
            if params.text("password"):
                await password.change(call, user, params.text("password"), keep_session=None)
            await _readdress(connection, user, params, email=email, phone=phone)
            await _merge_metadata(connection, await load(connection, user.id), params)
            if ban is not None:
                await update(connection, user.id, banned_until=ban.value)
            await audit.record_of_user(connection, "user_modified", user)
        return JSONResponse(await shown(connection, user.id))


async def _confirm(connection: Connection, user: User, params: Params) -> None:
    """False and missing are the same here: a confirmation is never taken back."""
    if params.text("role"):
        await update(connection, user.id, role=params.text("role").strip())
    if params.flag("email_confirm"):
        await confirm(connection, user)
    if params.flag("phone_confirm"):
        await confirm_phone(connection, user)


async def _readdress(
    connection: Connection, user: User, params: Params, *, email: str, phone: str
) -> None:
    if email:
        verified = params.flag("email_confirm")
        claims = {"email": email, "email_verified": verified}
        await put_identity(connection, user.id, "email", claims)
        anonymous = user.is_anonymous and not verified
        await update(connection, user.id, email=email, is_anonymous=anonymous)
    if phone:
        verified = params.flag("phone_confirm")
        claims = {"phone": phone, "phone_verified": verified}
        await put_identity(connection, user.id, "phone", claims)
        await update(connection, user.id, phone=phone)


async def _merge_metadata(connection: Connection, user: User, params: Params) -> None:
    app_metadata, user_metadata = params.object("app_metadata"), params.object("user_metadata")
    if app_metadata is not None:
        metadata = merged(user.raw_app_meta_data, app_metadata)
        await update(connection, user.id, raw_app_meta_data=Jsonb(metadata))
    if user_metadata is not None:
        metadata = merged(user.raw_user_meta_data, user_metadata)
        await update(connection, user.id, raw_user_meta_data=Jsonb(metadata))
