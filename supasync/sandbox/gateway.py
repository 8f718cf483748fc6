"""The gateway in front of a project's services: which API key was sent, what the service sees.

Source: supabase.com/docs/guides/api/api-keys. Keys of the older generation are JWTs, which clients
send as their bearer too; `sb_…` keys are not, and the gateway puts the role's JWT in their place.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import jwt
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from supasync.sandbox.project import Keys

ALGORITHM = "HS256"
NO_KEY_HINT = "No `apikey` request header or url param was found."
WRONG_KEY_HINT = "Double check your Supabase `anon` or `service_role` API key."
DISABLED_HINT = "Enable them again, or use a publishable or secret API key."
IN_BROWSER_HINT = (
    "Secret API keys can only be used in a protected environment and should never be used in a "
    "browser. Delete this secret API key immediately."
)


class Refused(Exception):
    """The gateway answers 401 by itself; the service is never asked."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.message, self.hint = message, hint

    def response(self) -> Response:
        return JSONResponse({"message": self.message, "hint": self.hint}, status_code=401)


class TooLarge(Exception):
    """The gateway takes no body of that size."""

    def response(self) -> Response:
        return JSONResponse({"message": "Request size limit exceeded"}, status_code=413)


def unknown_project() -> Response:
    """What is answered where there is no such project."""
    return JSONResponse({"message": "Requested path is invalid"}, status_code=404)


def authorization(request: Request, keys: Keys) -> str:
    """The Authorization header as the service behind the gateway sees it; "" when there is none.

    Raises Refused when the key is missing, not one of the project's, or a secret key in a browser.
    """
    key = request.headers.get("apikey") or request.query_params.get("apikey") or ""
    if not key:
        raise Refused("No API key found in request", NO_KEY_HINT)
    behind = keys.bearer(key)
    if behind is None and key in {keys.anon, keys.service_role}:
        raise Refused("Legacy API keys are disabled", DISABLED_HINT)
    if behind is None:
        raise Refused("Invalid API key", WRONG_KEY_HINT)
    secret = key.startswith("sb_secret_")
    if secret and "mozilla/" in request.headers.get("user-agent", "").lower():
        raise Refused("Forbidden use of secret API key in browser", IN_BROWSER_HINT)
    sent = request.headers.get("authorization", "")
    if behind != key and sent in {"", key, f"Bearer {key}"}:
        return f"Bearer {behind}"
    return sent


def claims(token: str, keys: Keys) -> Mapping[str, Any]:
    """The claims of a JWT of this project; raises jwt.PyJWTError when it is not one, or too old.

    The API keys carry no `sub` or `aud`, so neither is asked for here.
    """
    verified: Mapping[str, Any] = jwt.decode(
        token,
        keys.jwt_secret,
        algorithms=[ALGORITHM],
        options={"verify_aud": False, "verify_sub": False, "verify_iat": False},
    )
    return verified
