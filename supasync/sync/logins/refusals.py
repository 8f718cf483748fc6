"""What the Auth service's refusals of a log-in mean, and what to do.

Codes: supabase/auth, internal/api/apierrors/errorcode.go.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from supabase_auth.types import User

TOO_MANY = 429
WAIT = (
    "The Auth service's rate limit was reached: wait a few minutes and run the command again, or "
    "raise the limit (Authentication, Rate Limits)."
)


_LOGS = "The branch's Auth logs say more (dashboard, Logs, Auth)."
_BROKEN_ROWS = (
    "A row of auth.users that SQL made with NULL in a token column (confirmation_token, "
    "recovery_token, email_change, email_change_token_new) breaks the Auth service for everybody: "
    "write '' there, or let `supasync users ensure` do it."
)
_DATABASE = "Database error"
_WRITING = (f"{_DATABASE} creating", f"{_DATABASE} saving", "Error updating user")
_TRIGGERS = (
    "A trigger on auth.users, or a constraint on what it writes, refuses the user: correct it, or "
    f"the seed that it relies on. {_LOGS}"
)


@dataclass(frozen=True)
class Meaning:
    """told: "" where what Auth said says it all. remedy: "" where repairing the user helps. known:
    False when the refusal says nothing about the user or the branch."""

    told: str
    remedy: str = ""
    known: bool = True


OF_CODES: Mapping[str, Meaning] = {
    "captcha_failed": Meaning(
        "Auth wants a captcha solved, which no program can, so the password is not proved",
        'Write login = "magic_link" for the user, or turn captcha protection off on the branch '
        "(Authentication, Attack Protection).",
        known=False,
    ),
    "email_provider_disabled": Meaning(
        "log-ins by e-mail are turned off on this branch",
        "Turn the e-mail provider on (Authentication, Sign In / Providers).",
    ),
    "otp_expired": Meaning(
        "the magic link was expired or used by the time it was opened, right after it was made",
        "Look at the e-mail OTP expiration (Authentication, Providers, Email), and for what else "
        "opens links of this user.",
    ),
    "invalid_credentials": Meaning("the password is another one"),
    "email_not_confirmed": Meaning("its e-mail is not confirmed"),
    "user_banned": Meaning("it is banned"),
    "user_not_found": Meaning("there is no such user"),
    "validation_failed": Meaning(
        "Auth does not take what [[test_users]] says", "Correct the user in [[test_users]]."
    ),
}
_UNHEARD_OF = Meaning("", _LOGS, known=False)


def meaning(status: int, code: str | None, message: str) -> Meaning:
    """What an answer with this HTTP status, error code and text says about the user. Of any 500 the
    text tells whether it is the database that fails (supabase/auth, internal/api/apierrors)."""
    if status == 500 and message.startswith(_WRITING):
        return Meaning("", _TRIGGERS)
    if status == 500 and message.startswith(_DATABASE):
        return Meaning("", _BROKEN_ROWS)
    return OF_CODES.get(code or "", _UNHEARD_OF)


def several(accounts: Sequence[User]) -> tuple[str, str]:
    """What is wrong where an e-mail address has several accounts, and what to do."""
    told = ", ".join(sorted(f"{each.email} ({each.id})" for each in accounts))
    return (
        f"{len(accounts)} accounts have this e-mail address, and which of them logs in is chance: "
        f"{told}",
        "Delete all but one (Authentication, Users); such rows are made by SQL, not by Auth.",
    )
