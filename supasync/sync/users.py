"""Test users exist, are confirmed, and each gets a real session with the right role."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from supasync.config import Config, TestUser
from supasync.errors import TransportError, UnknownError, UsersError
from supasync.events import Phase, UserVerified
from supasync.ports import Database
from supasync.sync import accounts, profiles
from supasync.sync.context import Run
from supasync.sync.sessions import AuthApi, log_in

if TYPE_CHECKING:
    from supabase import AsyncClient
    from supabase_auth.types import User

_BROKEN_ROWS = (
    "A row of auth.users that SQL made with NULL in a token column (confirmation_token, "
    "recovery_token, email_change, email_change_token_new) breaks the Auth service for everybody: "
    "write '' there, or let supasync create the users from [[test_users]]."
)


@dataclass(frozen=True)
class Outcome:
    """action: found, created, repaired or missing; reason: empty when the user can log in."""

    action: str
    reason: str = ""


async def ensure_users(
    run: Run, auth: AuthApi, database: Database, config: Config, *, repair: bool
) -> None:
    """Verifies every test user; with `repair`, creates and repairs them first.

    Raises: UsersError naming every user that cannot log in and why, UnknownError.
    """
    branch, users, profile = database.name, config.test_users, config.profiles
    with run.phase(branch, Phase.USERS) as note:
        admin = await auth.admin()
        known = await _asked(accounts.existing(admin), branch)
        rows = await profiles.read(database, profile, users) if profile else {}
        failed = []
        for user in users:
            work = _one(admin, auth, user, known.get(user.email.lower()), repair=repair)
            outcome = await _asked(work, branch)
            reason = outcome.reason or profiles.fault(profile, user, rows)
            run.emit(_verified(branch, user, outcome, reason))
            if reason:
                failed.append(f"{user.email}: {reason}")
        note.text = f"{len(users) - len(failed)} of {len(users)} have a session"
    if failed:
        raise UsersError(
            f"{branch}: {len(failed)} of {len(users)} test users cannot work as expected\n  "
            + "\n  ".join(failed),
            remedy=_remedy(repair=repair),
        )


async def _one(
    admin: AsyncClient, auth: AuthApi, user: TestUser, account: User | None, *, repair: bool
) -> Outcome:
    """A user's account put right if allowed, then proved by a session."""
    from supabase_auth.errors import AuthApiError  # noqa: PLC0415 -- heavy

    action = "found"
    if account is None:
        if not repair:
            return Outcome("missing", "there is no such user")
        await accounts.create(admin, user)
        action = "created"
    elif wrong := accounts.faults(user, account):
        if not repair:
            return Outcome(action, "; ".join(wrong))
        await accounts.repair(admin, user, account)
        action = "repaired"
    try:
        return _judged(action, user, await log_in(auth, user))
    except AuthApiError as error:
        if error.code != "invalid_credentials" or not repair or account is None:
            return Outcome(action, f"{error.message} ({error.code})")
    await accounts.repair(admin, user, account, password=True)
    return _judged("repaired", user, await log_in(auth, user))


def _judged(action: str, user: TestUser, claims: Mapping[str, Any]) -> Outcome:
    if not claims:
        return Outcome(action, "the Auth service answered without a session")
    if claims.get("role") != "authenticated":
        return Outcome(action, f"the session's database role is {claims.get('role')!r}")
    role = (claims.get("app_metadata") or {}).get("role")
    if role != user.role:
        return Outcome(action, f"the session's role is {role!r}, expected {user.role!r}")
    return Outcome(action)


async def _asked(work: Any, branch: str) -> Any:
    """Awaits Auth calls; what they raise becomes an error of ours, without request or token."""
    import httpx  # noqa: PLC0415
    from supabase_auth.errors import AuthApiError, AuthError, AuthRetryableError  # noqa: PLC0415

    try:
        return await work
    except (AuthRetryableError, httpx.TransportError) as error:
        raise TransportError(f"{branch}: the Auth service did not answer: {error}") from error
    except AuthApiError as error:
        remedy = _BROKEN_ROWS if error.status == 500 else None
        message = f"{branch}: the Auth service answered {error.status}: {error.message}"
        raise UsersError(message, remedy=remedy) from error
    except AuthError as error:
        raise UnknownError(f"{branch}: the Auth service's answer: {error.message}") from error


def _verified(branch: str, user: TestUser, outcome: Outcome, reason: str) -> UserVerified:
    return UserVerified(
        branch=branch,
        email=user.email,
        role=user.role,
        login=user.login,
        action=outcome.action,
        ok=not reason,
        reason=reason,
    )


def _remedy(*, repair: bool) -> str:
    if repair:
        return "Correct [[test_users]], [profiles] or the seed, then run the command again."
    return "`supasync branches sync` creates and repairs test users."
