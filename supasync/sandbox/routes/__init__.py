"""The Management API's routes, one file per resource. Shapes: its OpenAPI document, version 1."""

from __future__ import annotations

from starlette.routing import Route

from supasync.sandbox.routes import actions, branches, database, migrations, projects
from supasync.sandbox.routes.call import Api


def routes(api: Api) -> list[Route]:
    """All of them; `Call.ref` of each is the path's `{ref}` or `{branch}`."""
    resources = (projects, branches, actions, database, migrations)
    return [
        api.route(method, path, handler)
        for resource in resources
        for method, path, handler in resource.ROUTES
    ]
