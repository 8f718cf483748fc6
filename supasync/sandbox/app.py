"""The HTTP application: the Management API, and each project's Auth and REST API below its path."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from supasync.sandbox import auth, bodies, rest
from supasync.sandbox.branching import Branching
from supasync.sandbox.limits import Limiter
from supasync.sandbox.registry import Registry
from supasync.sandbox.routes import routes
from supasync.sandbox.routes.call import Api
from supasync.sandbox.steering.address import PREFIX


def application(registry: Registry, branching: Branching, limiter: Limiter) -> Starlette:
    project = [*auth.routes(registry.find), *rest.routes(registry.find)]
    return Starlette(
        routes=[
            *routes(Api(registry, branching, limiter)),
            Mount("/project/{ref}", routes=project),
        ],
        exception_handlers={
            HTTPException: _http_error,
            ClientDisconnect: bodies.cut_off,
            Exception: _http_error,
        },
    )


def offered(routes: Iterable[BaseRoute], below: str = "") -> Iterator[tuple[str, str]]:
    """(method, path template) of all routes."""
    for route in routes:
        if isinstance(route, Mount):
            yield from offered(route.routes, below + route.path)
        elif isinstance(route, Route):
            for method in sorted(route.methods or ()):
                yield method, below + route.path


def beside(steering: ASGIApp, api: ASGIApp) -> ASGIApp:
    """The API, and the steering routes, whose path the API never has."""

    async def either(scope: Scope, receive: Receive, send: Send) -> None:
        ours = scope["type"] == "http" and scope["path"].startswith(f"{PREFIX}/")
        await (steering if ours else api)(scope, receive, send)

    return either


async def _http_error(request: Request, error: Exception) -> Response:
    """An unknown route or method, in the words of NestJS, which the platform is built with; or a
    fault of our own, of which the log has the rest."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    if status not in {404, 405}:
        return JSONResponse({"message": "Internal server error"}, status)
    message = f"Cannot {request.method} {request.url.path}"
    return JSONResponse({"message": message, "error": "Not Found", "statusCode": 404}, 404)
