"""What a test user sees through the Data API, held against what is expected.

The rows are counted as that user, with the token of a real session: grants and policies decide.
Source: docs.postgrest.org/en/v13/references/api/pagination_count.html, …/errors.html.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from supasync import sql
from supasync.config import Expectation
from supasync.events import Expected
from supasync.sync.logins.sessions import AuthApi

if TYPE_CHECKING:
    import httpx

_TOTAL = re.compile(r"/(\d+)\Z")
_DENIED = "42501"
_OTHERWISE = (
    "Look at the policies and grants of the table and at the rows that the seed makes, or correct "
    "expect of the user in [[test_users]]."
)
_FAILED = (
    "Look at the branch's Data API (dashboard, Logs, PostgREST), restart the project if it stays "
    "so, then run the command again."
)


async def look(auth: AuthApi, token: str, expected: Expectation) -> Expected:
    """token: of the user's session."""
    import httpx  # noqa: PLC0415 -- only where the network is used

    schema, table = sql.names(expected.table)
    try:
        answer = await auth.count_rows(token, schema, table)
    except httpx.TransportError as error:
        reason = auth.harmless(str(error), ()) or type(error).__name__
        return _unread(expected, f"the Data API did not answer: {reason}", known=False)
    total = _TOTAL.search(answer.headers.get("content-range", ""))
    if answer.is_success and total:
        return _judged(expected, int(total[1]))
    code, message = _error(answer)
    if code == _DENIED:  # who may not read a table sees none of its rows
        return _judged(expected, 0, message)
    status, message = answer.status_code, auth.harmless(message, ())
    if status != 429 and status < 500:
        return _unread(expected, message or f"HTTP {status}", known=True)
    told = f"the Data API failed (HTTP {status})" + (f": {message}" if message else "")
    return _unread(expected, told, known=False)


def remedy(seen: Sequence[Expected]) -> str:
    """What to do about those that are not as expected; "" where all are."""
    wrong = [each for each in seen if each.reason]
    told = _OTHERWISE if any(each.known for each in wrong) else ""
    if any(not each.known for each in wrong):
        told = f"{told} {_FAILED}".lstrip()
    return told


def _unread(expected: Expectation, why: str, *, known: bool) -> Expected:
    """known: False where it is the Data API that fails."""
    return Expected(
        table=expected.table,
        rows=expected.rows,
        found=None,
        reason=f"{expected.table} could not be read: {why}",
        known=known,
    )


def _judged(expected: Expectation, found: int, why: str = "") -> Expected:
    reason = ""
    if found != expected.rows:
        reason = f"rows of {expected.table} that it sees: {found}, expected: {expected.rows}"
        reason += f" ({why})" if why else ""
    return Expected(table=expected.table, rows=expected.rows, found=found, reason=reason)


def _error(answer: httpx.Response) -> tuple[str, str]:
    """PostgREST's code and message; "" where it is not PostgREST that answers."""
    try:
        body = answer.json()
        return str(body["code"]), str(body["message"])
    except (ValueError, KeyError, TypeError):
        return "", ""
