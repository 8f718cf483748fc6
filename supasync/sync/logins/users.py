"""Test users exist, are confirmed, and each gets a real session with the right role."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from supasync.config import Config, Profiles, TestUser
from supasync.errors import (
    UnknownError,
    UsersError,
)
from supasync.events import Expected, Notice, Phase, UserVerified
from supasync.ports import Database, WritableDatabase
from supasync.sync.context import Run
from supasync.sync.logins import accounts, expectations, linking, mending, profiles, refusals
from supasync.sync.logins.answering import PASSING, answered
from supasync.sync.logins.sessions import AuthApi, log_in

if TYPE_CHECKING:
    from supabase import AsyncClient
    from supabase_auth.types import User

T = TypeVar("T")

_AT_ONCE = 4


@dataclass(frozen=True)
class Outcome:
    """action: found, created, repaired, missing or failed; reason: empty when the user can log in
    and sees what is expected. known: False when that could not be found out."""

    action: str
    reason: str = ""
    remedy: str = ""
    known: bool = True
    expected: tuple[Expected, ...] = ()


Judged: TypeAlias = list[tuple[TestUser, Outcome]]


async def ensure_users(
    run: Run, auth: AuthApi, database: WritableDatabase, config: Config, *, repair: bool
) -> None:
    """Verifies every test user; with `repair`, creates and repairs them first, and what makes the
    Auth service fail.

    Raises: UsersError naming every user that cannot log in and why, Refused, UnknownError also
    when that is all that is known.
    """
    branch, users = database.name, config.test_users
    with run.phase(branch, Phase.USERS) as note:
        known = await _mended(run, auth, database, users) if repair else None
        link = partial(linking.link, run, database, config) if repair else None
        found = await judge(auth, database, config, repair=repair, known=known, link=link)
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


async def judge(
    auth: AuthApi,
    database: Database,
    config: Config,
    *,
    repair: bool,
    known: accounts.Known | None = None,
    link: Callable[[], Awaitable[None]] | None = None,
) -> Judged:
    """Each test user with what came of proving it; with `repair`, they are put right first. known:
    the accounts, where they were read already. link: links the application's rows to the accounts,
    of which policies may make what a user sees.

    Raises: UsersError when the Auth service fails, Refused, UnknownError.
    """
    branch, users = database.name, config.test_users
    said = partial(auth.harmless, users=users)
    if known is None:
        known = await answered(_existing(auth), branch, said)
    bare = await accounts.check_shared(database, known)
    there = await answered(_put_right(auth, users, known, bare, repair=repair), branch, said)
    if link is not None:
        await link()
    outcomes = await answered(_proved(auth, users, there, repair=repair), branch, said)
    # The application's rows are read last: a trigger on auth.users may have made them.
    return await _with_profiles(database, config.profiles, users, outcomes, linked=bool(link))


async def _mended(
    run: Run, auth: AuthApi, database: WritableDatabase, users: Sequence[TestUser]
) -> accounts.Known | None:
    """The accounts, when all test users are among them. Where the service fails or does not find a
    user, the branch's own table is repaired, and the service is to be asked again."""
    known = await answered(_readable(auth), database.name, partial(auth.harmless, users=users))
    if known is not None and all(accounts.of(user, known) for user in users):
        return known
    if count := await mending.mend(database, users):
        message = f"rows of auth.users that SQL made and Auth could not use: {count}, repaired"
        run.emit(Notice(branch=database.name, message=message))
    return None


def _remedy(outcomes: Sequence[Outcome], *, repair: bool) -> str:
    """Their own, where they have one; else what helps mostly."""
    own = dict.fromkeys(outcome.remedy for outcome in outcomes if outcome.remedy)
    if own:
        return " ".join(own)
    if repair:
        return "Correct [[test_users]], [profiles] or the seed, then run it again."
    return "`supasync users ensure` creates and repairs test users."


async def _existing(auth: AuthApi) -> accounts.Known:
    return await accounts.existing(await auth.admin())


async def _readable(auth: AuthApi) -> accounts.Known | None:
    """None where the service fails, as it does on a row that it cannot read."""
    from supabase_auth.errors import AuthApiError  # noqa: PLC0415 -- heavy

    try:
        return await _existing(auth)
    except AuthApiError as error:
        if error.status != 500 or not refusals.meaning(500, error.code, error.message).known:
            raise
        return None


@dataclass(frozen=True)
class _There:
    """What became of a test user's account, as it was found; a reason: it cannot be proved."""

    account: User | None
    outcome: Outcome


async def _put_right(
    auth: AuthApi,
    users: Sequence[TestUser],
    known: accounts.Known,
    bare: frozenset[str],
    *,
    repair: bool,
) -> list[_There]:
    """Each user's account, put right where allowed. bare: ids of accounts without an identity."""
    admin = await auth.admin()

    async def one(user: TestUser) -> _There:
        found = accounts.of(user, known)
        if len(found) > 1:
            reason, remedy = refusals.several(found)
            return _There(None, Outcome("found", reason, remedy))
        account = found[0] if found else None
        work = _account(admin, user, account, bare=bare, repair=repair)
        return _There(account, await _or_refused(auth, user, work))

    return await _few_at_once(partial(one, user) for user in users)


async def _proved(
    auth: AuthApi, users: Sequence[TestUser], there: Sequence[_There], *, repair: bool
) -> list[Outcome]:
    """What came of each user, by a session for each whose account is right."""
    admin = await auth.admin()

    async def one(user: TestUser, found: _There) -> Outcome:
        if found.outcome.reason:
            return found.outcome
        account = found.account if repair else None
        work = _session(admin, auth, user, account, found.outcome.action)
        return await _or_refused(auth, user, work)

    pairs = zip(users, there, strict=True)
    return await _few_at_once(partial(one, user, found) for user, found in pairs)


async def _few_at_once(work: Iterable[Callable[[], Awaitable[T]]]) -> list[T]:
    """The results in the same order; an error is raised when all have ended."""
    few = asyncio.Semaphore(_AT_ONCE)

    async def one(each: Callable[[], Awaitable[T]]) -> T:
        async with few:
            return await each()

    results = await asyncio.gather(*map(one, work), return_exceptions=True)
    for result in results:
        if isinstance(result, BaseException):
            raise result
    return [result for result in results if not isinstance(result, BaseException)]


async def _or_refused(auth: AuthApi, user: TestUser, work: Awaitable[Outcome]) -> Outcome:
    """What the service refuses becomes the user's outcome. Raises: the client's AuthError where
    that says nothing about the user."""
    from supabase_auth.errors import AuthApiError  # noqa: PLC0415 -- heavy

    try:
        return await work
    except AuthApiError as error:
        if error.status in PASSING:
            raise
        reason = f"{auth.harmless(error.message, [user])} ({error.code or error.status})"
        meant = refusals.meaning(error.status, error.code, error.message)
        told = f"{meant.told}: {reason}" if meant.told else reason
        return Outcome("failed", told, meant.remedy, meant.known)


async def _account(
    admin: AsyncClient,
    user: TestUser,
    account: User | None,
    *,
    bare: frozenset[str],
    repair: bool,
) -> Outcome:
    if account is None and not repair:
        return Outcome("missing", "there is no such user")
    wrong = accounts.faults(user, account, bare) if account else []
    if wrong and not repair:
        return Outcome("found", "; ".join(wrong))
    if account is None:
        return Outcome("created" if await accounts.create(admin, user) else "found")
    if wrong:
        await accounts.repair(admin, user, account, bare=account.id in bare)
    return Outcome("repaired" if wrong else "found")


async def _session(
    admin: AsyncClient, auth: AuthApi, user: TestUser, account: User | None, action: str
) -> Outcome:
    """account: one whose password may be set, when that is what is wrong."""
    from supabase_auth.errors import AuthApiError  # noqa: PLC0415 -- heavy

    try:
        return await _logged_in(admin, auth, user, action)
    except AuthApiError as error:
        if error.code != "invalid_credentials" or account is None:
            raise
    await accounts.repair(admin, user, account, password=True)
    return await _logged_in(admin, auth, user, "repaired")


async def _logged_in(admin: AsyncClient, auth: AuthApi, user: TestUser, action: str) -> Outcome:
    seen: list[Expected] = []

    async def look(token: str) -> None:
        seen.extend([await expectations.look(auth, token, each) for each in user.expect])

    outcome = _judged(action, user, await log_in(auth, admin, user, look))
    if outcome.reason:
        return outcome
    wrong = [each for each in seen if each.reason]
    return replace(
        outcome,
        reason="; ".join(each.reason for each in wrong),
        remedy=expectations.remedy(wrong),
        known=not wrong or any(each.known for each in wrong),
        expected=tuple(seen),
    )


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
    *,
    linked: bool,
) -> Judged:
    """linked: that was tried before."""
    pairs = list(zip(users, outcomes, strict=True))
    if profile is None:
        return pairs
    rows = await profiles.read(database, profile, users)
    known: Judged = []
    for user, done in pairs:
        reason, remedy = profiles.fault(profile, user, rows, database.name, linked=linked)
        known.append((user, done if done.reason else replace(done, reason=reason, remedy=remedy)))
    return known


def _verified(branch: str, user: TestUser, outcome: Outcome) -> UserVerified:
    return UserVerified(
        branch=branch,
        email=user.email,
        role=user.role,
        login=user.login,
        action=outcome.action,
        ok=not outcome.reason,
        reason=outcome.reason,
        expected=outcome.expected,
    )
