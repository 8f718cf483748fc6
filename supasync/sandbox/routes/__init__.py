"""The Management API's routes, one file per resource. Shapes: its OpenAPI document, version 1."""

from __future__ import annotations

from typing import Final

from starlette.routing import Route

from supasync.sandbox.routes import (
    actions,
    advisors,
    api_keys,
    branches,
    buckets,
    config,
    database,
    functions,
    login_role,
    migrations,
    organizations,
    projects,
    secrets,
    types,
)
from supasync.sandbox.routes.call import Api, Entry

RESOURCES: Final = (
    *(organizations, projects, api_keys, branches, actions),
    *(database, migrations, types, advisors, login_role),
    *(config, secrets, functions, buckets),
)
ENTRIES: Final[tuple[Entry, ...]] = tuple(
    entry for resource in RESOURCES for entry in resource.ROUTES
)
"""All of them; `Call.ref` of each is the path's `{ref}` or `{branch}`."""


def routes(api: Api) -> list[Route]:
    return [api.route(method, path, handler) for method, path, handler in ENTRIES]
