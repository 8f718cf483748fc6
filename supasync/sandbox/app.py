"""The HTTP application: the Management API, and each project's Auth and REST API below its path."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount

from supasync.sandbox import auth, rest
from supasync.sandbox.branching import Branching
from supasync.sandbox.limits import Limiter
from supasync.sandbox.registry import Registry
from supasync.sandbox.routes import routes
from supasync.sandbox.routes.call import Api


def application(registry: Registry, branching: Branching, limiter: Limiter) -> Starlette:
    project = [*auth.routes(registry.find), *rest.routes(registry.find)]
    return Starlette(
        routes=[
            *routes(Api(registry, branching, limiter)),
            Mount("/project/{ref}", routes=project),
        ],
        exception_handlers={HTTPException: _http_error, Exception: _http_error},
    )


async def _http_error(request: Request, error: Exception) -> Response:
    """An unknown route or method, in the words of NestJS, which the platform is built with; or a
    fault of our own, of which the log has the rest."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    if status not in {404, 405}:
        return JSONResponse({"message": "Internal server error"}, status)
    message = f"Cannot {request.method} {request.url.path}"
    return JSONResponse({"message": message, "error": "Not Found", "statusCode": 404}, 404)
