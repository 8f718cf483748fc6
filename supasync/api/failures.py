"""From an answer that is no success, or no answer, to one of supasync's errors."""

from __future__ import annotations

import re

import httpx

from supasync import errors
from supasync.api import sqlerror
from supasync.api.call import Answer, Call
from supasync.api.retry import NEVER_SENT, retry_after, untrusted

_PAUSED = re.compile(r"\b(paused|pausing|inactive)\b", re.IGNORECASE)
_SECRET = re.compile(r"sbp_\w{6,}|sb_secret_\w+|eyJ[\w-]{8,}\.[\w-]+\.[\w-]*")
_REFUSED_BY_STATUS = frozenset({401, 403, 404, 405, 413, 429})
"""Refused before execution whatever the body says, even a proxy's page."""
_REMEDIES = {
    402: "Branching needs the Pro plan or above; see the organization's billing page.",
    413: "The statement is larger than the endpoint takes (about 1 MB); send it in pieces.",
}


def failure(call: Call, answer: Answer, now: float) -> errors.SupasyncError:
    """The error that an unsuccessful answer is. `now`: seconds since the epoch."""
    if answer.status == 401:
        return errors.Unauthorized(_words(answer), status=401, route=call.name)
    found = _sql_failure(call, answer)
    if found is not None:
        return found
    if answer.status == 540 or _PAUSED.search(answer.message):  # 540: the gateway's "paused"
        return errors.NotReady(
            f"The project is paused ({_words(answer)}).",
            remedy="Resume it in the dashboard, wait until it is healthy, and run this again.",
        )
    if call.writes and not _conclusive(answer):
        return errors.OutcomeUnknown(
            f"{call.name} was sent, but its answer (HTTP {answer.status}) does not say whether "
            f"it was done: {_words(answer)}"
        )
    if answer.status < 400 or not (answer.readable or answer.status in _REFUSED_BY_STATUS):
        return errors.UnexpectedAnswer(
            f"{call.name} was answered with something else than the API's JSON "
            f"(HTTP {answer.status}).",
            remedy="Check api_url and any proxy in between, then run the command again.",
        )
    return _by_status(call, answer, now)


def lost(call: Call, error: httpx.RequestError) -> errors.SupasyncError:
    """The error that a missing answer is."""
    host = error.request.url.netloc.decode("ascii", "replace")
    reason = without_keys(str(error)) or type(error).__name__
    if untrusted(error):
        return errors.TransportError(
            f"{host} has a certificate that is not trusted; nothing was sent: {reason}",
            remedy="Check api_url. Behind a company's proxy name its certificates: "
            "SSL_CERT_FILE=/path/to/ca.pem.",
        )
    if isinstance(error, NEVER_SENT):
        return errors.TransportError(f"{host} could not be reached: {reason}")
    if call.writes:
        return errors.OutcomeUnknown(f"{call.name} was sent to {host}; no answer came: {reason}")
    return errors.TransportError(f"{host} did not answer {call.name}: {reason}")


def without_keys(text: str) -> str:
    """Without what has the form of a token or key, should somebody have said one back."""
    return _SECRET.sub("…", text)


def _sql_failure(call: Call, answer: Answer) -> errors.SupasyncError | None:
    error = sqlerror.parse(answer.message)
    if error is None:
        return _no_connection(call, answer)
    if error.sqlstate in sqlerror.NOT_CONNECTED:
        return errors.NotReady(
            f"The database does not take connections: {error.message}",
            remedy="Wait until the project is healthy and run the command again.",
        )
    if sqlerror.lost_connection(error):
        if call.writes:
            return errors.OutcomeUnknown(f"The database ended the session: {error.message}")
        return errors.NotReady(f"The database ended the session: {error.message}")
    return error


def _no_connection(call: Call, answer: Answer) -> errors.SupasyncError | None:
    """A paused project's SQL endpoint says only that it could not connect."""
    said = answer.message.startswith(sqlerror.PREFIX) and "connection timeout" in answer.message
    if call.writes or not said:
        return None
    return errors.NotReady(
        f"The database does not answer: {_words(answer)}",
        remedy="Look whether the project is paused or starting; resume it, or wait, and run again.",
    )


def _conclusive(answer: Answer) -> bool:
    """Whether the answer to a write says that nothing was done."""
    if answer.status in _REFUSED_BY_STATUS:
        return True
    if not answer.readable or not 400 <= answer.status < 500 or answer.status == 408:
        return False
    return not answer.message.startswith(sqlerror.PREFIX)


def _by_status(call: Call, answer: Answer, now: float) -> errors.SupasyncError:
    words, status, route = _words(answer), answer.status, call.name
    if status == 403:
        return errors.Forbidden(words, status=status, route=route)
    if status == 404:
        named = ", ".join(call.path.values())
        return errors.NotFound(
            f"{words}: {named}" if named else words,
            status=status,
            route=route,
            remedy="Check the project's ref and that the token's account can see it.",
        )
    if status == 429:
        seconds = retry_after(answer.headers, now)
        remedy = None if seconds is None else f"Wait {seconds:.0f} s and run the command again."
        return errors.RateLimited(words, status=status, route=route, remedy=remedy)
    remedy = _REMEDIES.get(status)
    if status >= 500:
        remedy = "Run the command again; if it stays, see status.supabase.com."
    return errors.ApiError(words, status=status, route=route, remedy=remedy)


def _words(answer: Answer) -> str:
    """What the platform said, without anything that could be a key, in one readable line."""
    text = without_keys(" ".join(answer.message.split()))
    return (text[:500] + "…" if len(text) > 500 else text).rstrip(".") or "no reason given"
