"""What the platform, and what stands in front of it, says when it fails; by API.

Sources: for the Management API recorded and measured answers; internal/api/errors.go of
supabase/auth; docs.postgrest.org/en/v13/references/errors.html; kong/error_handlers.lua for 502 to
504 of a project's services.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from supasync.sandbox.auth import errors as auth
from supasync.sandbox.faults.fault import Fault
from supasync.sandbox.limits import refusal
from supasync.sandbox.rest.errors import RestError

PAGE: Final = """<!DOCTYPE html>
<html lang="en-US"><head><title>supabase.com | {code}: {phrase}</title></head>
<body><h1>{phrase} <span>Error code {code}</span></h1><p>cloudflare</p></body></html>
"""
MANAGEMENT: Final = {
    401: "Unauthorized",
    402: "Branching is supported only on the Pro plan or above",
    403: "Forbidden resource",
    404: "Project not found",
    408: "Failed to run sql query: Query read timeout",
    500: "Internal server error",
    504: "upstream request timeout",
}
GATEWAY: Final = {
    502: "An invalid response was received from the upstream server",
    503: "name resolution failed",
    504: "The upstream server is timing out",
}
AUTH: Final = {
    401: ("no_authorization", "This endpoint requires a valid Bearer token"),
    403: ("not_admin", "User not allowed"),
    404: ("user_not_found", "User not found"),
    409: ("conflict", "Conflict"),
    422: ("validation_failed", "Validation failed"),
    429: ("over_request_rate_limit", "Request rate limit reached"),
    500: (auth.UNEXPECTED, auth.SEE_THE_LOGS),
}
REST: Final = {
    401: ("PGRST303", "JWT expired"),
    403: ("42501", "permission denied"),
    404: ("PGRST205", "Could not find the table in the schema cache"),
    503: ("PGRST002", "Could not query the database for the schema cache. Retrying."),
    504: ("PGRST003", "Timed out acquiring connection from connection pool."),
}


def answer(fault: Fault, request: Request) -> Response:
    """Instead of the real one."""
    code = fault.code
    if fault.html:
        return HTMLResponse(PAGE.format(code=code, phrase=_phrase(code)), code)
    service = request.url.path.split("/")[3:4]
    if not request.url.path.startswith("/project/"):
        if code == 429:
            return refusal()
        return JSONResponse({"message": MANAGEMENT.get(code, _phrase(code))}, code)
    if service == ["rest"]:
        return RestError(code, *REST.get(code, ("XX000", _phrase(code)))).response()
    if code in GATEWAY:
        return JSONResponse({"message": GATEWAY[code]}, code)
    error = auth.AuthError(code, *AUTH.get(code, (auth.UNEXPECTED, _phrase(code))))
    return auth.response(error, request)


def _phrase(code: int) -> str:
    try:
        return HTTPStatus(code).phrase
    except ValueError:  # 520 to 526 are Cloudflare's own
        return "Web server is returning an unknown error"
