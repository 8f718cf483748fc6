"""Fresh magic links, and the accounts of test users as they are."""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from supasync.config import Config, TestUser
from supasync.errors import Refused, UsageError, UsersError
from supasync.ports import Database
from supasync.sync.logins import accounts, refusals
from supasync.sync.logins.answering import answered
from supasync.sync.logins.sessions import AuthApi

if TYPE_CHECKING:
    from supabase_auth.types import User

_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[A-Za-z]{2,}\Z")
_ENSURE = "`supasync users ensure {branch}` creates and repairs test users."


def chosen(given: str | None, users: Sequence[TestUser]) -> TestUser:
    """The test user with this e-mail address, or the only one with this role.

    Raises: UsageError naming those there are.
    """
    found = _meant(given, users)
    if len(found) == 1:
        return found[0]
    known = ", ".join(f"{user.email} ({user.role})" for user in users) or "none"
    what = "No test user" if not found else "More than one test user"
    raise UsageError(
        f"{what} is meant by {given!r}" if given else "Which test user is not said",
        remedy=f"Name one of [[test_users]] by e-mail address or role: {known}.",
    )


def _meant(given: str | None, users: Sequence[TestUser]) -> list[TestUser]:
    found = [user for user in users if given is None or given.lower() == user.email]
    return found or [user for user in users if given == user.role]


def check_order(name: str, user: str | None, config: Config) -> None:
    """That what is named first can be a branch. Nearly any text may be the name of one that is not
    configured: where `user` means somebody, only a test user's address is taken for none.

    Raises: UsageError when a test user is named there.
    """
    if name in config.branches:
        return
    users = config.test_users
    alone = len(_meant(user, users)) != 1
    if name.lower() in config.emails or (alone and (_meant(name, users) or _ADDRESS.match(name))):
        known = tuple(config.branches)
        only = known[0] if len(known) == 1 else "BRANCH"
        branch = user if user is not None and user in known else only
        command = shlex.join(("supasync", "users", "login", branch, name))
        raise UsageError(
            f"{name!r} is named where the branch belongs",
            remedy=f"Name the branch first: `{command}`.",
        )


async def look(auth: AuthApi, database: Database, config: Config) -> list[dict[str, Any]]:
    """Each test user, and what the Auth service has of it. Changes nothing, logs nobody in.

    Raises: UsersError, Refused, UnknownError.
    """
    users = config.test_users
    known, bare = await _known(auth, database, users)
    return [_described(database.name, user, accounts.of(user, known), bare) for user in users]


async def link(
    auth: AuthApi, database: Database, config: Config, user: TestUser, redirect_to: str | None
) -> str:
    """A link that logs the user in, once; a secret. No e-mail is sent.

    Raises: UsersError when the user is not there or could not log in, Refused, UnknownError.
    """
    branch, users = database.name, config.test_users
    known, bare = await _known(auth, database, users)
    found = accounts.of(user, known)
    wrong, remedy = _wrong(branch, user, found, bare)
    if wrong:  # a link for an unknown address would create an account
        raise UsersError(f"{branch}: {user.email}: {'; '.join(wrong)}", remedy=remedy)
    admin = await auth.admin()
    wanted: dict[str, Any] = {"type": "magiclink", "email": user.email}
    if redirect_to:
        wanted["options"] = {"redirect_to": redirect_to}
    asked = admin.auth.admin.generate_link(wanted)  # type: ignore[arg-type]
    made = await answered(asked, branch, partial(auth.harmless, users=users))
    address = str(made.properties.action_link)
    _check_host(address, config, branch)
    return address


async def _known(
    auth: AuthApi, database: Database, users: Sequence[TestUser]
) -> tuple[accounts.Known, frozenset[str]]:
    """The accounts, and the ids of those without an identity."""
    said = partial(auth.harmless, users=users)
    known = await answered(accounts.existing(await auth.admin()), database.name, said)
    return known, await accounts.check_shared(database, known)


def _check_host(address: str, config: Config, branch: str) -> None:
    """Raises: Refused when the branch's link leads to production."""
    project = config.project
    production = urlsplit(project.project_url.replace("{ref}", project.ref))
    found = urlsplit(address)
    if found.netloc == production.netloc and found.path.startswith(production.path + "/"):
        raise Refused(
            f"{branch} made a link that leads to production",
            remedy="Correct the branch's own Auth URL; the link was not shown and will expire.",
        )


def _wrong(
    branch: str, user: TestUser, found: Sequence[User], bare: frozenset[str]
) -> tuple[list[str], str]:
    """Why nobody should log in to these accounts of a user, and what to do; "" when nothing."""
    if len(found) > 1:
        reason, remedy = refusals.several(found)
        return [reason], remedy
    wrong = accounts.faults(user, found[0], bare) if found else ["there is no such user"]
    return wrong, _ENSURE.format(branch=branch) if wrong else ""


def _described(
    branch: str, user: TestUser, found: Sequence[User], bare: frozenset[str]
) -> dict[str, Any]:
    account = found[0] if len(found) == 1 else None
    wrong, remedy = _wrong(branch, user, found, bare)
    return {
        "email": user.email,
        "role": user.role,
        "login": user.login,
        "purpose": user.purpose,
        "id": account.id if account else None,
        "last_sign_in_at": account.last_sign_in_at if account else None,
        "faults": wrong,
        "remedy": remedy,
    }
