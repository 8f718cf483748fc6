"""What is sent again, and when. No I/O.

Reads are sent again after anything that may pass. A write is sent again only when it certainly
was not executed: the connection was never made, or the platform counted and refused it (429).
Every other doubt about a write is OutcomeUnknown (see failures.py), never a second sending.
"""

from __future__ import annotations

import email.utils
from collections.abc import Callable
from dataclasses import dataclass

import httpx
from tenacity import RetryCallState, wait_random, wait_random_exponential

from supasync.api import sqlerror
from supasync.api.call import Answer, Call

TRANSIENT_STATUSES = frozenset({408, 429, 500, 502, 503, 504, 544, *range(520, 531)})
"""520–530 are Cloudflare's; 544 is Supabase's gateway timeout."""

JITTER_SECONDS = 1.0
"""Several processes of one caller are told the same time: they shall not come back at once."""

NEVER_SENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
)


@dataclass(frozen=True, kw_only=True)
class Policy:
    """attempts: sendings in all. total_seconds: after which none begins, waits included.
    sending_seconds: of one sending, to the end of its answer, however slowly that comes.
    longest_wait_seconds: what Retry-After may ask for; more is an answer, not a wait."""

    attempts: int = 6
    total_seconds: float = 180.0
    sending_seconds: float = 120.0
    longest_wait_seconds: float = 120.0
    first_wait_seconds: float = 0.5


def send_again(call: Call, answer: Answer) -> bool:
    """Whether this answer calls for another sending."""
    if answer.ok or answer.status == 401:
        return False
    if answer.status == 429 or _never_connected(answer):
        return True
    return not call.writes and _transient(answer)


def send_again_after(call: Call, error: BaseException) -> bool:
    """Whether a failure without an answer calls for another sending."""
    if isinstance(error, NEVER_SENT):
        return not untrusted(error)
    return not call.writes and isinstance(error, httpx.TransportError | httpx.DecodingError)


def untrusted(error: BaseException) -> bool:
    """Whether the server could not prove who it is; asking again would not change that."""
    return "CERTIFICATE_VERIFY_FAILED" in str(error)


def _transient(answer: Answer) -> bool:
    if not answer.readable or answer.status in TRANSIENT_STATUSES:
        return True
    if not answer.message.startswith(sqlerror.PREFIX):
        return False
    error = sqlerror.parse(answer.message)
    # Without a SQLSTATE it is the pool's: "Connection terminated due to connection timeout".
    return error is None or sqlerror.lost_connection(error)


def _never_connected(answer: Answer) -> bool:
    error = sqlerror.parse(answer.message)
    return error is not None and error.sqlstate in {"57P03", "53300"}


class Wait:
    """Exponential back-off, or what the server asks for when that is longer; jittered."""

    def __init__(self, policy: Policy, now: Callable[[], float]) -> None:
        self._backoff = wait_random_exponential(multiplier=policy.first_wait_seconds, max=20)
        self._jitter = wait_random(0, JITTER_SECONDS)
        self._now = now

    def __call__(self, state: RetryCallState) -> float:
        asked = 0.0
        if state.outcome is not None and not state.outcome.failed:
            asked = retry_after(state.outcome.result().headers, self._now()) or 0.0
        return max(asked + self._jitter(state) if asked else 0.0, self._backoff(state))


def retry_after(headers: httpx.Headers, now: float) -> float | None:
    """Seconds to wait by Retry-After (seconds or an HTTP date), else by x-ratelimit-reset when
    nothing remains; None when the answer does not say. `now`: seconds since the epoch."""
    value = headers.get("retry-after", "").strip()
    if value:
        if value.isascii() and value.isdigit():
            return float(value)
        date = email.utils.parsedate_tz(value)
        if date is not None:
            return max(0.0, email.utils.mktime_tz(date) - now)
    if number(headers, "x-ratelimit-remaining") == 0:
        return number(headers, "x-ratelimit-reset")
    return None


def number(headers: httpx.Headers, name: str) -> float | None:
    """A header that is a plain number; None when it is absent or anything else."""
    value = headers.get(name, "").strip()
    return float(value) if value.isascii() and value.isdigit() else None
