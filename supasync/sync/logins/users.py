"""Test users exist, are confirmed, and each gets a real session with the right role."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from supasync.config import Config, Profiles, TestUser
from supasync.errors import (
    Refused,
    TransportError,
    UnexpectedAnswer,
    UnknownError,
    UsersError,
)
from supasync.events import Phase, UserVerified
from supasync.ports import Database
from supasync.sync.context import Run
from supasync.sync.logins import accounts, profiles, refusals
from supasync.sync.logins.sessions import AuthApi, log_in

if TYPE_CHECKING:
    from supabase import AsyncClient
    from supabase_auth.types import User

T = TypeVar("T")

_AT_ONCE = 4
_PASSING = frozenset({408, 409, 429})
"""Statuses that say nothing about a user; from 502 on it is the client's own retryable error."""
_BROKEN_ROWS = (
    "A row of auth.users that SQL made with NULL in a token column (confirmation_token, "
    "recovery_token, email_change, email_change_token_new) breaks the Auth service for everybody: "
    "write '' there, or let supasync create the users from [[test_users]]."
)


@dataclass(frozen=True)
class Outcome:
    """action: found, created, repaired, missing or failed; reason: empty when the user can log
    in. known: False when that could not be found out."""

    action: str
    reason: str = ""
    remedy: str = ""
    known: bool = True


Judged: TypeAlias = list[tuple[TestUser, Outcome]]


async def ensure_users(
    run: Run, auth: AuthApi, database: Database, config: Config, *, repair: bool
) -> None:
    """Verifies every test user; with `repair`, creates and repairs them first.

    Raises: UsersError naming every user that cannot log in and why, Refused, UnknownError also
    when that is all that is known.
    """
    branch, users = database.name, config.test_users
    with run.phase(branch, Phase.USERS) as note:
        found = await judge(auth, database, config, repair=repair)
        for user, outcome in found:
            run.emit(_verified(branch, user, outcome))
        failed = [f"{user.email}: {outcome.reason}" for user, outcome in found if outcome.reason]
        note.text = f"{len(users) - len(failed)} of {len(users)} have a session"
        if failed:
            surely = any(outcome.reason and outcome.known for _, outcome in found)
            raise (UsersError if surely else UnknownError)(
                f"{len(failed)} of {len(users)} test users cannot work as expected\n  "
                + "\n  ".join(failed),
                remedy=_remedy([outcome for _, outcome in found], repair=repair),
            )


async def judge(auth: AuthApi, database: Database, config: Config, *, repair: bool) -> Judged:
    """Each test user with what came of proving it; with `repair`, they are put right first.

    Raises: UsersError when the Auth service fails, Refused, UnknownError.
    """
    branch, users = database.name, config.test_users
    said = partial(auth.harmless, users=users)
    known = await _answered(_existing(auth), branch, said)
    if not await accounts.shared(database, chain(*known.values())):
        raise Refused(
            f"{branch}: the Auth service that was asked is not provably this branch's: the "
            "accounts it lists are not those of the branch's database",
            remedy="Correct [project] project_url; if accounts are just being made or deleted, "
            "run the command again.",
        )
    outcomes = await _answered(_all(auth, users, known, repair=repair), branch, said)
    # The application's rows are read last: a trigger on auth.users may have made them.
    return await _with_profiles(database, config.profiles, users, outcomes)


def _remedy(outcomes: Sequence[Outcome], *, repair: bool) -> str:
    """Their own, where they have one; else what helps mostly."""
    own = dict.fromkeys(outcome.remedy for outcome in outcomes if outcome.remedy)
    if own:
        return " ".join(own)
    if repair:
        return "Correct [[test_users]], [profiles] or the seed, then run it again."
    return "`supasync branches sync` creates and repairs test users."


async def _existing(auth: AuthApi) -> accounts.Known:
    return await accounts.existing(await auth.admin())


async def _all(
    auth: AuthApi, users: Sequence[TestUser], known: accounts.Known, *, repair: bool
) -> list[Outcome]:
    admin = await auth.admin()
    few = asyncio.Semaphore(_AT_ONCE)

    async def one(user: TestUser) -> Outcome:
        async with few:
            found = accounts.of(user, known)
            if len(found) > 1:
                reason, remedy = refusals.several(found)
                return Outcome("found", reason, remedy)
            return await _one(admin, auth, user, found[0] if found else None, repair=repair)

    results = await asyncio.gather(*(one(user) for user in users), return_exceptions=True)
    for result in results:
        if isinstance(result, BaseException):
            raise result
    return [result for result in results if isinstance(result, Outcome)]


async def _one(
    admin: AsyncClient, auth: AuthApi, user: TestUser, account: User | None, *, repair: bool
) -> Outcome:
    """A user's account put right if allowed, then proved by a session."""
    from supabase_auth.errors import AuthApiError  # noqa: PLC0415 -- heavy

    if account is None and not repair:
        return Outcome("missing", "there is no such user")
    wrong = accounts.faults(user, account) if account else []
    if wrong and not repair:
        return Outcome("found", "; ".join(wrong))
    try:
        action = "found"
        if account is None:
            action = "created" if await accounts.create(admin, user) else "found"
        elif wrong:
            await accounts.repair(admin, user, account)
            action = "repaired"
        return await _proved(admin, auth, user, account if repair else None, action)
    except AuthApiError as error:
        if error.status in _PASSING:
            raise
        return _failed(auth.harmless(error.message, [user]), error.code or str(error.status))


def _failed(message: str, code: str) -> Outcome:
    reason = f"{message} ({code})"
    meant = refusals.OF_CODES.get(code)
    if meant is None:
        return Outcome("failed", reason)
    return Outcome("failed", f"{meant.told}: {reason}", meant.remedy, meant.known)


async def _proved(
    admin: AsyncClient, auth: AuthApi, user: TestUser, account: User | None, action: str
) -> Outcome:
    """account: one whose password may be set, when that is what is wrong."""
    from supabase_auth.errors import AuthApiError  # noqa: PLC0415 -- heavy

    try:
        return _judged(action, user, await log_in(auth, admin, user))
    except AuthApiError as error:
        if error.code != "invalid_credentials" or account is None:
            raise
    await accounts.repair(admin, user, account, password=True)
    return _judged("repaired", user, await log_in(auth, admin, user))


def _judged(action: str, user: TestUser, claims: Mapping[str, Any]) -> Outcome:
    if not claims:
        return Outcome(action, "the Auth service answered without a session")
    if claims.get("role") != "authenticated":
        return Outcome(action, f"the session's database role is {claims.get('role')!r}")
    role = (claims.get("app_metadata") or {}).get("role")
    if role != user.role:
        return Outcome(action, f"the session's role is {role!r}, expected {user.role!r}")
    return Outcome(action)


async def _with_profiles(
    database: Database,
    profile: Profiles | None,
    users: Sequence[TestUser],
    outcomes: Sequence[Outcome],
) -> list[tuple[TestUser, Outcome]]:
    pairs = list(zip(users, outcomes, strict=True))
    if profile is None:
        return pairs
    rows = await profiles.read(database, profile, users)
    return [
        (user, done if done.reason else replace(done, reason=profiles.fault(profile, user, rows)))
        for user, done in pairs
    ]


async def _answered(work: Awaitable[T], branch: str, harmless: Callable[[str], str]) -> T:
    """Awaits Auth calls; what they raise becomes an error of ours, without request or token, and
    without its cause, which has what the service said word for word. harmless: leaves secrets out.
    """
    import httpx  # noqa: PLC0415 -- only where the network is used
    from supabase_auth.errors import AuthApiError, AuthError, AuthRetryableError  # noqa: PLC0415

    try:
        return await work
    except (AuthRetryableError, httpx.TransportError) as error:
        reason = harmless(str(error)) or type(error.__context__ or error).__name__
        raise TransportError(f"{branch}: the Auth service did not answer: {reason}") from None
    except AuthApiError as error:
        remedy = _BROKEN_ROWS if error.status == 500 else None
        message = f"{branch}: the Auth service answered {error.status}: {harmless(error.message)}"
        if error.status == refusals.TOO_MANY:
            raise UnknownError(message, remedy=refusals.WAIT) from None
        if error.status in _PASSING:
            raise UnknownError(message, remedy="Run the command again.") from None
        raise UsersError(message, remedy=remedy) from None
    except AuthError as error:
        told = harmless(error.message)
        raise UnknownError(f"{branch}: the Auth service's answer: {told}") from None
    except (ValueError, TypeError, AttributeError, LookupError):
        raise UnexpectedAnswer(
            f"{branch}: the Auth service answered something else than its API says",
            remedy="Check project_url and any proxy in between, then run the command again.",
        ) from None


def _verified(branch: str, user: TestUser, outcome: Outcome) -> UserVerified:
    return UserVerified(
        branch=branch,
        email=user.email,
        role=user.role,
        login=user.login,
        action=outcome.action,
        ok=not outcome.reason,
        reason=outcome.reason,
    )
