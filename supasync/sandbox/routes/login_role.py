"""A database login for a while: what the CLI asks for where it was given no password."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta
from typing import Final

from psycopg.sql import SQL, Identifier, Literal
from pydantic import BaseModel
from starlette.responses import JSONResponse, Response

from supasync.sandbox import platform
from supasync.sandbox.routes.call import Call, Entry
from supasync.sandbox.sqlapi.run import READ_ONLY, READ_WRITE
from supasync.sandbox.sqlapi.session import session

TTL_SECONDS: Final = 3600
STEM: Final = "cli_login_"
LOCK: Final = "select pg_advisory_lock(hashtext('cli_login'))"


class CreateRole(BaseModel):
    read_only: bool


async def create(call: Call) -> Response:
    """It may become `postgres`, or the read-only user, and is nobody by itself."""
    project, body = call.project(), await call.body(CreateRole)
    member_of = READ_ONLY if body.read_only else READ_WRITE
    role, password = STEM + member_of, secrets.token_hex(16)
    until = datetime.now(UTC) + timedelta(seconds=TTL_SECONDS)
    async with session(project, platform.SUPERUSER) as connection:
        await connection.execute(LOCK)
        known = await connection.execute("select 1 from pg_roles where rolname = %s", [role])
        if await known.fetchone() is None:
            made = SQL("create role {} noinherit in role {}")
            await connection.execute(made.format(Identifier(role), Identifier(member_of)))
        login = SQL("alter role {} login password {} valid until {}")
        await connection.execute(
            login.format(Identifier(role), Literal(password), Literal(until.isoformat()))
        )
    return JSONResponse({"role": role, "password": password, "ttl_seconds": TTL_SECONDS}, 201)


async def delete(call: Call) -> Response:
    """No such role can log in any more."""
    async with session(call.project(), platform.SUPERUSER) as connection:
        await connection.execute(LOCK)
        like = "select rolname from pg_roles where starts_with(rolname, %s) and rolcanlogin"
        found = await connection.execute(like, [STEM])
        for (role,) in await found.fetchall():
            gone = SQL("alter role {} nologin password null")
            await connection.execute(gone.format(Identifier(str(role))))
    return JSONResponse({"message": "ok"})


ROUTES: Final[tuple[Entry, ...]] = (
    ("POST", "/v1/projects/{ref}/cli/login-role", create),
    ("DELETE", "/v1/projects/{ref}/cli/login-role", delete),
)
