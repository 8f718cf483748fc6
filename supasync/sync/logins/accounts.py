"""Test users as the Auth service has them: read all, create the missing, repair the broken."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from itertools import chain
from typing import TYPE_CHECKING, Any, TypeAlias

from supasync import sql
from supasync.config import TestUser
from supasync.errors import Refused
from supasync.ports import Database

if TYPE_CHECKING:
    from supabase import AsyncClient
    from supabase_auth.types import User

_PER_PAGE = 200
_DATABASE_ROLE = "authenticated"

Known: TypeAlias = "Mapping[str, Sequence[User]]"
"""Accounts by lower-case e-mail: SQL can make several that differ in case alone."""


async def existing(admin: AsyncClient) -> Known:
    """All users by lower-case e-mail."""
    found: dict[str, list[User]] = {}
    page = 1
    while True:
        users = await admin.auth.admin.list_users(page=page, per_page=_PER_PAGE)
        for user in users:
            if user.email and not user.deleted_at:
                found.setdefault(user.email.lower(), []).append(user)
        if len(users) < _PER_PAGE:
            return found
        page += 1


def of(user: TestUser, known: Known) -> list[User]:
    """The accounts with its e-mail, but those of a single sign-on: with an address alone nobody
    logs in to one, and it may be another's too."""
    found = known.get(user.email, ())
    return [each for each in found if not str(each.app_metadata.get("provider")).startswith("sso:")]


async def check_shared(database: Database, known: Known) -> frozenset[str]:
    """That an Auth service that lists these accounts works on this database, as far as they tell:
    where there are none at all they tell nothing.

    Returns the ids of those without a row in auth.identities, which the service does not list.
    Raises: Refused, SqlError, UnknownError.
    """
    ids = sql.text_array(account.id for account in chain(*known.values()))
    answer = await database.fetch(
        f"select json_build_object('shared', case when cardinality({ids}) = 0 then not exists"
        " (select from auth.users where email is not null and deleted_at is null)"
        f" else not exists (select unnest({ids}) except select id::text from auth.users) end,"
        " 'bare', (select coalesce(json_agg(u.id::text), '[]') from auth.users u"
        f" where u.id::text = any ({ids})"
        " and not exists (select from auth.identities i where i.user_id = u.id)))::text"
    )
    found = json.loads(answer or "{}")
    if not found.get("shared"):
        raise Refused(
            f"{database.name}: the Auth service that was asked is not provably this branch's: the "
            "accounts it lists are not those of the branch's database",
            remedy="Correct [project] project_url; if accounts are just being made or deleted, "
            "run the command again; if SQL made them, `supasync users ensure` repairs them.",
        )
    return frozenset(found["bare"])


async def create(admin: AsyncClient, user: TestUser) -> bool:
    """False when it is there all of a sudden: something in between delivered the request twice, or
    another sync was faster. Raises: the client's AuthError."""
    from supabase_auth.errors import AuthApiError  # noqa: PLC0415 -- heavy

    attributes: dict[str, Any] = {
        "email": user.email,
        "email_confirm": True,
        "app_metadata": {"role": user.role},
    }
    try:
        await admin.auth.admin.create_user({**attributes, **_password(user)})  # type: ignore[typeddict-item]
    except AuthApiError as error:
        if error.code == "email_exists":
            return False
        raise
    return True


def faults(user: TestUser, account: User, bare: Collection[str]) -> list[str]:
    """Why this account could not log in with the right role, or be changed by Auth, as far as its
    record shows. bare: ids of accounts without an identity."""
    found = []
    if account.email != user.email:
        found.append(f"its e-mail is stored as {account.email}, and Auth itself writes lower case")
    if account.id in bare:
        found.append(
            "it has no row in auth.identities, which SQL that makes users forgets: the dashboard, "
            "linking and another address fail on it"
        )
    if account.email_confirmed_at is None:
        found.append("its e-mail is not confirmed")
    if _banned(account):
        found.append(f"it is banned until {account.banned_until}")
    if account.role != _DATABASE_ROLE:
        found.append(f"its database role is {account.role!r}, expected {_DATABASE_ROLE!r}")
    if account.app_metadata.get("role") != user.role:
        has = account.app_metadata.get("role")
        found.append(f"its app_metadata.role is {has!r}, expected {user.role!r}")
    return found


async def repair(
    admin: AsyncClient,
    user: TestUser,
    account: User,
    *,
    bare: bool = False,
    password: bool = False,
) -> None:
    """Confirms, un-bans, gives the roles and the address in lower case; the password only when
    asked, since setting it ends all of the user's sessions.

    bare: it has no identity. Who is given an address, also the same again, is given one with it
    (supabase/auth, internal/api/admin.go).
    """
    attributes: dict[str, Any] = {"app_metadata": {"role": user.role}}
    if account.email != user.email or bare:
        attributes |= {"email": user.email, "email_confirm": True}
    if account.email_confirmed_at is None:
        attributes["email_confirm"] = True
    if account.role != _DATABASE_ROLE:
        attributes["role"] = _DATABASE_ROLE
    if _banned(account):
        attributes["ban_duration"] = "none"
    if password:
        attributes |= _password(user)
    await admin.auth.admin.update_user_by_id(account.id, attributes)  # type: ignore[arg-type]


def _password(user: TestUser) -> Mapping[str, str]:
    if user.login != "password" or user.password is None:
        return {}
    return {"password": user.password.get_secret_value()}


def _banned(account: User) -> bool:
    if not account.banned_until:
        return False
    return datetime.fromisoformat(account.banned_until) > datetime.now(UTC)
