"""The application's own row of a test user: its role and whether it is active."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from supasync import sql
from supasync.config import Profiles, TestUser
from supasync.errors import SqlError, UsersError
from supasync.ports import Database

_INACTIVE = {"false", "f", "inactive", "disabled", "0"}


class Unreadable(UsersError):
    """The table of [profiles] could not be read as it says."""


def remedy(branch: str, *, equal: bool | None) -> str:
    """What to do where the table could not be read. equal: whether the branch's schema is
    production's, for which [profiles] is written; None where nobody looked."""
    correct = "correct [profiles] in the configuration: table and columns must exist."
    if equal:
        return f"C{correct[1:]}"
    sync = f"Run `supasync branches sync {branch}` first: the branch's schema"
    if equal is None:
        return f"{sync} may not be production's. If it is, {correct}"
    return f"{sync} is not production's."


async def read(
    database: Database, profile: Profiles, users: Sequence[TestUser]
) -> Mapping[str, Mapping[str, Any]]:
    """Role and active flag, as text, and whether the row is linked to the account, by lower-case
    e-mail; one call.

    Raises: Unreadable when the table or a column does not exist, UnknownError.
    """
    email = sql.ident(profile.email_column)
    emails = sql.text_array(user.email.lower() for user in users)
    query = (
        "select coalesce(json_object_agg(email, json_build_object("
        "'role', role, 'active', active, 'linked', linked)), '{}')::text from (select "
        f"lower({email}) as email, {sql.ident(profile.role_column)}::text as role, "
        f"{sql.ident(profile.active_column)}::text as active, {_linked(profile)} as linked "
        f"from {profile.table} profile where lower({email}) = any ({emails})) found"
    )
    try:
        answer = await database.fetch(query)
    except SqlError as error:
        raise Unreadable(
            f"[profiles] {profile.table} could not be read: {error.message}",
            remedy=remedy(database.name, equal=None),
        ) from error
    rows: dict[str, Mapping[str, Any]] = json.loads(answer or "{}")
    return rows


def _linked(profile: Profiles) -> str:
    if profile.account_column is None:
        return "true"
    return (
        "exists (select from auth.users account where account.deleted_at is null"
        " and not account.is_sso_user"
        f" and lower(account.email) = lower(profile.{sql.ident(profile.email_column)})"
        f" and account.id::text = profile.{sql.ident(profile.account_column)}::text)"
    )


def fault(
    profile: Profiles,
    user: TestUser,
    rows: Mapping[str, Mapping[str, Any]],
    branch: str,
    *,
    linked: bool,
) -> tuple[str, str]:
    """Why the application would not know this user as expected, and what to do; "" when it would.
    linked: the account's id was written before, where it was missing.

    The rows are the seed's, and so are the other remedies: what is written there by anything else
    is no row that the seed makes.
    """
    table, again = profile.table, f"then run `supasync seed run {branch}`."
    row = rows.get(user.email.lower())
    if row is None:
        return (
            f"{table} has no row for this e-mail",
            f"Let the seed make a row of {table} for each test user, {again}",
        )
    if row["role"] != user.role:
        return (
            f"{table}.{profile.role_column} is {row['role']!r}, expected {user.role!r}",
            f"Correct {profile.role_column} in the seed or role in [[test_users]], {again}",
        )
    if row["active"] is None or row["active"] in _INACTIVE:
        return (
            f"{table}.{profile.active_column} is {row['active']!r}",
            f"Correct {profile.active_column} in the seed, {again}",
        )
    if not row["linked"]:
        return (
            f"{table}.{profile.account_column} is not the id of its account",
            f"Its update was without effect: look at the triggers of {table} and, where row level "
            "security is forced, at its policies."
            if linked
            else f"`supasync users ensure {branch}` links it.",
        )
    return "", ""
