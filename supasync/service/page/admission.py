"""Who may see and do: a session for everything, and for each write a form that we have made."""

from __future__ import annotations

import logging
import math
from collections.abc import Awaitable, Callable, Mapping
from urllib.parse import parse_qsl, quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from supasync.service import body
from supasync.service.page import rendering
from supasync.service.page.sessions import LASTS_SECONDS, Session
from supasync.service.page.site import Site
from supasync.service.webhooks.delivery import Rejected

logger = logging.getLogger(__name__)

_FORM_BYTES = 16 << 10
_FORM_SECONDS = 10.0
_FORM_TYPE = "application/x-www-form-urlencoded"
_ELSEWHERE = "this was not sent by a form of this page: open the page anew and try again"

Page = Callable[[Site, Request, Session], Awaitable[Response]]
Endpoint = Callable[[Request], Awaitable[Response]]


def for_people(site: Site, page: Page) -> Endpoint:
    """Who is not signed in is led to the sign-in and back."""

    async def endpoint(request: Request) -> Response:
        session = site.sessions.of(request.cookies.get(_cookie(request), ""))
        if session is None:
            back = request.scope["raw_path"].decode("ascii") if request.method == "GET" else "/"
            return RedirectResponse(f"/sign-in?next={quote(back, safe='/')}", 303)
        try:
            return await page(site, request, session)
        except Rejected as rejected:
            return rendering.error(rejected.status, rejected.reason)

    return endpoint


def for_streams(site: Site, page: Page) -> Endpoint:
    """Who is not signed in is told so: no person reads a stream."""

    async def endpoint(request: Request) -> Response:
        session = site.sessions.of(request.cookies.get(_cookie(request), ""))
        return Response(status_code=401) if session is None else await page(site, request, session)

    return endpoint


async def form(request: Request, session: Session) -> Mapping[str, str]:
    """What a form of this session says. Raises: Rejected."""
    fields = await _fields(request)
    if not session.made(fields.get("form", "")):
        raise Rejected(403, _ELSEWHERE)
    return fields


async def _fields(request: Request) -> Mapping[str, str]:
    """Raises: Rejected for what another site's page has sent, and for what is no form."""
    # the scheme is left out: a proxy may take TLS off without saying so
    _, _, origin = request.headers.get("origin", "").partition("://")
    if not origin or origin != request.headers.get("host"):
        raise Rejected(403, _ELSEWHERE)
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _FORM_TYPE:
        raise Rejected(415, f"the content type must be {_FORM_TYPE}")
    sent = await body.read(request, _FORM_BYTES, _FORM_SECONDS)
    try:
        return dict(parse_qsl(sent.decode("utf-8", "strict"), max_num_fields=20))
    except ValueError:
        raise Rejected(400, "the form cannot be read") from None


async def sign_in_page(_site: Site, request: Request) -> Response:
    # A cookie with SameSite=Strict does not come with a link from elsewhere, such as a chat's; it
    # comes when this page itself leads on.
    from_elsewhere = request.headers.get("sec-fetch-site") == "cross-site"
    back = _inside(request.query_params.get("next", ""))
    return rendering.page("sign_in.html", next=back, from_elsewhere=from_elsewhere)


async def sign_in(site: Site, request: Request) -> Response:
    address = _address(request)
    try:
        fields = await _fields(request)
    except Rejected as rejected:
        return rendering.error(rejected.status, rejected.reason)
    back = _inside(fields.get("next", ""))
    try:
        _check(site, address, fields.get("token", "").strip())
    except Rejected as rejected:
        logger.warning("a sign-in was refused", extra={"address": address})
        told = rejected.reason
        answer = rendering.page(
            "sign_in.html", rejected.status, next=back, told=told, from_elsewhere=False
        )
        if wait := site.tries.wait(address):
            answer.headers["retry-after"] = str(math.ceil(wait))
        return answer
    logger.info("signed in", extra={"address": address})
    led = RedirectResponse(back, 303)
    led.set_cookie(
        _cookie(request),
        site.sessions.begin().id,
        max_age=LASTS_SECONDS,
        path="/",
        secure=_is_secure(request),
        httponly=True,
        samesite="strict",
    )
    return led


def _check(site: Site, address: str, given: str) -> None:
    """Raises: Rejected."""
    if wait := site.tries.wait(address):
        raise Rejected(429, f"too many wrong tokens: wait {math.ceil(wait)} s")
    if not site.token.is_it(given):
        site.tries.wrong(address)
        raise Rejected(401, "this is not the token")
    site.tries.right(address)


async def sign_out(site: Site, request: Request, session: Session) -> Response:
    await form(request, session)
    site.sessions.end(session)
    led = RedirectResponse("/sign-in", 303)
    led.delete_cookie(
        _cookie(request), path="/", secure=_is_secure(request), httponly=True, samesite="strict"
    )
    return led


def _address(request: Request) -> str:
    return request.client.host if request.client else ""


def _inside(path: str) -> str:
    """Where to go after the sign-in: nowhere but here."""
    inside = path.startswith("/") and not path.startswith("//") and "\\" not in path
    return path if inside and path.isprintable() else "/"


def _is_secure(request: Request) -> bool:
    return request.url.scheme == "https"


def _cookie(request: Request) -> str:
    """A browser takes a name with this prefix only from this very host, over TLS (RFC 6265bis)."""
    return "__Host-supasync" if _is_secure(request) else "supasync"
