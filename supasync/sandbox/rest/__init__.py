"""The part of PostgREST that logins are verified with: rows are read and made, functions called,
each as the caller's role under the project's own policies."""

from __future__ import annotations

from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from supasync.sandbox.rest import openapi, rpc, table
from supasync.sandbox.rest.call import Call, GetProject, endpoint
from supasync.sandbox.rest.errors import RestError

PREFIX = "/rest/v1"


async def _unsupported(call: Call) -> Response:
    raise RestError(405, "PGRST117", f"Unsupported HTTP method: {call.request.method}")


def routes(get_project: GetProject) -> list[BaseRoute]:
    """The routes of the API, to be mounted where the path has given `ref`."""
    function, one_table = f"{PREFIX}/rpc/{{function}}", f"{PREFIX}/{{table}}"
    return [
        Route(f"{PREFIX}/", endpoint(get_project, openapi.root), methods=["GET"]),
        Route(function, endpoint(get_project, rpc.call_function), methods=["GET", "POST"]),
        Route(one_table, endpoint(get_project, table.select), methods=["GET"]),
        Route(one_table, endpoint(get_project, table.insert), methods=["POST"]),
        Route(one_table, endpoint(get_project, _unsupported), methods=["PATCH", "PUT", "DELETE"]),
    ]
