"""Calls of the Auth service, whose errors become ours."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

from supasync.errors import TransportError, UnexpectedAnswer, UnknownError, UsersError
from supasync.sync.logins import refusals

T = TypeVar("T")

PASSING = frozenset({408, 409, 429})
"""Statuses that say nothing about a user; those of `GATEWAY` are the client's own retryable error.
"""
GATEWAY = frozenset({502, 503, 504, 520, 521, 522, 523, 524, 530})
"""Statuses with which what is before a service answers for it."""
DOWN = (
    "Look at the branch's services in the dashboard, which restarts a project too; then check the "
    "network and [project] project_url, and run the command again."
)


async def answered(work: Awaitable[T], branch: str, harmless: Callable[[str], str]) -> T:
    """Awaits Auth calls; what they raise becomes an error of ours, without request or token, and
    without its cause, which has what the service said word for word. harmless: leaves secrets out.
    """
    import httpx  # noqa: PLC0415 -- only where the network is used
    from supabase_auth.errors import AuthApiError, AuthError, AuthRetryableError  # noqa: PLC0415

    try:
        return await work
    except (AuthRetryableError, httpx.TransportError) as error:
        reason = harmless(str(error)) or type(error.__context__ or error).__name__
        if status := getattr(error, "status", 0):
            reason += f" (HTTP {status})"
        message = f"{branch}: the Auth service did not answer: {reason}"
        raise TransportError(message, remedy=DOWN) from None
    except AuthApiError as error:
        told = harmless(error.message)
        message = f"{branch}: the Auth service answered {error.status}: {told}"
        if error.status == refusals.TOO_MANY:
            raise UnknownError(message, remedy=refusals.WAIT) from None
        if error.status in PASSING:
            raise UnknownError(message, remedy="Run the command again.") from None
        meant = refusals.meaning(error.status, error.code, error.message)
        ours = UsersError if meant.known else UnknownError
        raise ours(message, remedy=meant.remedy or None) from None
    except AuthError as error:
        told = harmless(error.message)
        message = f"{branch}: the Auth service's answer: {told}"
        raise UnknownError(message, remedy=DOWN) from None
    except (ValueError, TypeError, AttributeError, LookupError):
        raise UnexpectedAnswer(
            f"{branch}: the Auth service answered something else than its API says",
            remedy="Check project_url and any proxy in between, then run the command again.",
        ) from None
