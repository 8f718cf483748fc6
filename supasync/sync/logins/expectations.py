"""What a test user sees through the Data API, held against what is expected.

The rows are counted as that user, with the token of a real session: grants and policies decide.
Source: docs.postgrest.org/en/v13/references/api/pagination_count.html, …/errors.html.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from supasync import sql
from supasync.config import Expectation
from supasync.events import Expected
from supasync.sync.logins.sessions import AuthApi

if TYPE_CHECKING:
    import httpx

_TOTAL = re.compile(r"/(\d+)\Z")
_DENIED = "42501"


async def look(auth: AuthApi, token: str, expected: Expectation) -> Expected:
    """token: of the user's session. Raises: httpx.TransportError."""
    schema, table = sql.names(expected.table)
    answer = await auth.count_rows(token, schema, table)
    total = _TOTAL.search(answer.headers.get("content-range", ""))
    if answer.is_success and total:
        return _judged(expected, int(total[1]))
    code, message = _error(answer)
    if code == _DENIED:  # who may not read a table sees none of its rows
        return _judged(expected, 0, message)
    return Expected(
        table=expected.table,
        rows=expected.rows,
        found=None,
        reason=f"{expected.table} could not be read: {auth.harmless(message, ())}",
        known=answer.status_code != 429 and answer.status_code < 500,
    )


def _judged(expected: Expectation, found: int, why: str = "") -> Expected:
    reason = ""
    if found != expected.rows:
        reason = f"rows of {expected.table} that it sees: {found}, expected: {expected.rows}"
        reason += f" ({why})" if why else ""
    return Expected(table=expected.table, rows=expected.rows, found=found, reason=reason)


def _error(answer: httpx.Response) -> tuple[str, str]:
    """PostgREST's code and message; the HTTP status where it is not PostgREST that answers."""
    try:
        body = answer.json()
        return str(body["code"]), str(body["message"])
    except (ValueError, KeyError, TypeError):
        return "", f"HTTP {answer.status_code}"
