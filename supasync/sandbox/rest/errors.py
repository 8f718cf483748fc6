"""How PostgREST fails: {code, details, hint, message}, and the HTTP status of each SQLSTATE.

Source: docs.postgrest.org/en/v13/references/errors.html.
"""

from __future__ import annotations

import psycopg
from starlette.responses import JSONResponse, Response

BY_SQLSTATE = {
    "23503": 409,
    "23505": 409,
    "25006": 405,
    "42883": 404,
    "42P01": 404,
    "42P17": 500,
    "P0001": 400,
    "53400": 500,
}
BY_CLASS = {
    "08": 503,
    "09": 500,
    "0L": 403,
    "0P": 403,
    "25": 500,
    "28": 403,
    "2D": 500,
    "38": 500,
    "39": 500,
    "3B": 500,
    "40": 500,
    "53": 503,
    "54": 500,
    "55": 500,
    "57": 500,
    "58": 500,
    "F0": 500,
    "HV": 500,
    "P0": 500,
    "XX": 500,
}


class RestError(Exception):
    """An answer other than success; `code` is PostgREST's own or a SQLSTATE."""

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        *,
        details: str | None = None,
        hint: str | None = None,
    ) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message
        self.details, self.hint = details, hint

    def response(self) -> Response:
        body = {
            "code": self.code,
            "details": self.details,
            "hint": self.hint,
            "message": self.message,
        }
        headers = {"Proxy-Status": f"PostgREST; error={self.code}"}
        return JSONResponse(body, status_code=self.status, headers=headers)


def unreadable(what: str, found: str) -> RestError:
    """What the query string holds is not what this service can read."""
    message = f'"failed to parse {what} ({found})"'
    return RestError(400, "PGRST100", message, details=f"unexpected {found!r}")


def of_the_database(error: psycopg.Error, *, anonymous: bool) -> RestError:
    """The database's own error. Who lacks a privilege without having logged in is asked to."""
    sqlstate = error.sqlstate or ""
    if not sqlstate and isinstance(error, psycopg.DataError):  # a value that was never sent
        message = 'invalid byte sequence for encoding "UTF8": 0x00'
        return RestError(400, "22021", message)
    if not sqlstate:
        message = "Database connection error. Retrying the connection."
        return RestError(503, "PGRST000", message)
    return RestError(
        _status(sqlstate, anonymous=anonymous),
        sqlstate,
        error.diag.message_primary or "",
        details=error.diag.message_detail,
        hint=error.diag.message_hint,
    )


def _status(sqlstate: str, *, anonymous: bool) -> int:
    if sqlstate == "42501":
        return 401 if anonymous else 403
    if sqlstate.startswith("PT") and sqlstate[2:].isdigit():
        return int(sqlstate[2:])
    return BY_SQLSTATE.get(sqlstate) or BY_CLASS.get(sqlstate[:2]) or 400
