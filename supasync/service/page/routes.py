"""The addresses of the pages. A branch's name comes last in them, since it may have slashes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from supasync.service.page import admission, branch, overview, stream
from supasync.service.page.admission import Endpoint, Page, for_people, for_streams
from supasync.service.page.site import Site


def routes(site: Site) -> list[BaseRoute]:
    def of(page: Callable[[Site, Request], Awaitable[Response]]) -> Endpoint:
        async def endpoint(request: Request) -> Response:
            return await page(site, request)

        return endpoint

    def page(path: str, shown: Page, method: str = "GET") -> Route:
        return Route(path, for_people(site, shown), methods=[method])

    return [
        page("/", overview.show),
        page("/branches/{name:path}", branch.show),
        page("/branches/{name:path}", branch.act, "POST"),
        page("/diff/{name:path}", branch.difference),
        Route("/progress/{name:path}", for_streams(site, stream.follow), methods=["GET"]),
        Route("/sign-in", of(admission.sign_in_page), methods=["GET"]),
        Route("/sign-in", of(admission.sign_in), methods=["POST"]),
        page("/sign-out", admission.sign_out, "POST"),
        Mount("/static", _Assets(directory=Path(__file__).parent / "static")),
    ]


class _Assets(StaticFiles):
    """They hold nothing secret: a browser keeps them, and asks whether they have changed."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers["cache-control"] = "no-cache"
        return response
