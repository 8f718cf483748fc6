"""How the Auth API fails: two bodies, chosen by the request's X-Supabase-Api-Version.

Source: internal/api/errors.go and internal/utilities/postgres.go of supabase/auth.
"""

from __future__ import annotations

import logging
import re
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any

import psycopg
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

LOG = logging.getLogger(__name__)
UNEXPECTED = "unexpected_failure"
SEE_THE_LOGS = "Unexpected failure, please check server logs for more information"
VERSION_HEADER = "X-Supabase-Api-Version"
VERSION_2024 = date(2024, 1, 1)
# Raised by the user's own triggers and constraints, and so shown to the client.
PUBLIC_SQLSTATES = re.compile("P0001|23000|23001|23502|23503|23505|23514|23P01|PT[0-9]{3}")


class AuthError(Exception):
    """An answer other than success: HTTP status, error code, message."""

    def __init__(
        self, status: int, code: str, message: str, *, weak_password: Sequence[str] = ()
    ) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message
        self.weak_password = weak_password


class ScanError(Exception):
    """A row holds NULL where the service, written in Go, reads into a plain string or time."""


class OAuthError(Exception):
    """The error of RFC 6749, section 5.2; Auth answers it for a refresh without a token."""

    def __init__(self, error: str, description: str) -> None:
        super().__init__(description)
        self.error, self.description = error, description

    def response(self) -> Response:
        body = {"error": self.error, "error_description": self.description}
        return JSONResponse(body, status_code=400)


def invalid(message: str) -> AuthError:
    return AuthError(400, "validation_failed", message)


@contextmanager
def database_errors(message: str) -> Iterator[None]:
    """Answers 500 with `message` when the database, or a trigger in it, fails inside."""
    try:
        yield
    except (psycopg.Error, ScanError) as error:
        raise AuthError(500, UNEXPECTED, message) from error


def response(error: AuthError, request: Request) -> Response:
    if error.status >= 500:
        LOG.warning("%s %s: %s", request.method, request.url.path, _with_cause(error))
    if _speaks_2024(request):
        body: dict[str, Any] = {"code": error.code, "message": error.message}
        headers = {VERSION_HEADER: VERSION_2024.isoformat()}
    else:
        public = _of_the_database(error)
        if public is not None:
            return public
        body = {"code": error.status, "error_code": error.code, "msg": error.message}
        headers = {}
        if error.status >= 500:
            body["error_id"] = str(uuid.uuid4())
    if error.weak_password:
        body["weak_password"] = {"reasons": [*error.weak_password]}
    headers["x-sb-error-code"] = error.code
    return JSONResponse(body, status_code=error.status, headers=headers)


def _with_cause(error: AuthError) -> str:
    """For the log, without the detail of a database error: that quotes rows."""
    cause = error.__cause__
    if isinstance(cause, psycopg.Error) and cause.sqlstate:
        return f"{error.message}: {cause.diag.message_primary} (SQLSTATE {cause.sqlstate})"
    return f"{error.message}: {cause}" if cause else error.message


def _speaks_2024(request: Request) -> bool:
    try:
        return date.fromisoformat(request.headers.get(VERSION_HEADER, "")) >= VERSION_2024
    except ValueError:
        return False  # absent or unreadable: the first version, as the service has it


def _of_the_database(error: AuthError) -> Response | None:
    cause = error.__cause__
    if not isinstance(cause, psycopg.Error):
        return None
    sqlstate = cause.sqlstate or ""
    if not PUBLIC_SQLSTATES.fullmatch(sqlstate):
        return None
    shown = {
        "code": sqlstate,
        "message": cause.diag.message_primary,
        "hint": cause.diag.message_hint,
        "detail": cause.diag.message_detail,
    }
    status = int(sqlstate[2:]) if sqlstate.startswith("PT") else 500
    return JSONResponse(
        {name: value for name, value in shown.items() if value},
        status_code=status,
        headers={"x-sb-error-code": error.code},
    )
