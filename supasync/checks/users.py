"""Test users: each exists, is confirmed and active, has its role, and gets a real session."""

from __future__ import annotations

from supasync.checks.environment import Branch, BranchCheck
from supasync.errors import UsersError
from supasync.events import Finding, Report
from supasync.sync.logins import profiles
from supasync.sync.logins.sessions import auth_of
from supasync.sync.logins.users import judge

_REMEDY = "`supasync users ensure` creates and repairs test users."


async def _look(branch: Branch) -> Report:
    shared = branch.shared
    try:
        async with auth_of(shared.client, shared.config, branch.ref) as auth:
            judged = await judge(auth, branch.database, shared.config, repair=False)
    except profiles.Unreadable as error:
        remedy = profiles.remedy(branch.name, equal=await branch.equal())
        return Report(findings=(Finding(message=error.message, remedy=remedy),))
    except UsersError as error:
        return Report(findings=(Finding(message=error.message, remedy=error.remedy or _REMEDY),))
    return Report(
        findings=tuple(
            Finding(
                message=f"{user.email}: {outcome.reason}",
                remedy=outcome.remedy or _REMEDY,
                known=outcome.known,
            )
            for user, outcome in judged
            if outcome.reason
        ),
        evidence={
            user.email: f"{user.role}, {user.login.replace('_', ' ')}: "
            + ("a session was made" if not outcome.reason else "no session as expected")
            for user, outcome in judged
        },
    )


def _skip(branch: Branch) -> str:
    return "" if branch.shared.config.test_users else "there are no [[test_users]]"


ON_BRANCH = BranchCheck("test users", _look, _skip)
