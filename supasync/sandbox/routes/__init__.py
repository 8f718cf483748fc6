"""The Management API's routes, one file per resource. Shapes: its OpenAPI document, version 1."""

from __future__ import annotations

from typing import Final

from starlette.routing import Route

from supasync.sandbox.routes import (
    actions,
    branches,
    buckets,
    config,
    database,
    functions,
    migrations,
    projects,
    secrets,
)
from supasync.sandbox.routes.call import Api

RESOURCES: Final = (
    projects,
    branches,
    actions,
    database,
    migrations,
    config,
    secrets,
    functions,
    buckets,
)


def routes(api: Api) -> list[Route]:
    """All of them; `Call.ref` of each is the path's `{ref}` or `{branch}`."""
    return [
        api.route(method, path, handler)
        for resource in RESOURCES
        for method, path, handler in resource.ROUTES
    ]
