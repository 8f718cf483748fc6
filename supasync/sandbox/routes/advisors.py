"""What the advisors find in a project's database."""

from __future__ import annotations

from typing import Final

from starlette.responses import JSONResponse, Response

from supasync.sandbox.advisors import advice
from supasync.sandbox.routes.call import Call, Entry, Refusal


async def security(call: Call) -> Response:
    if call.request.query_params.get("lint_type", "sql") != "sql":
        raise Refusal(400, "lint_type: must be sql")
    return JSONResponse({"lints": await advice(call.project(), "SECURITY")})


async def performance(call: Call) -> Response:
    return JSONResponse({"lints": await advice(call.project(), "PERFORMANCE")})


ROUTES: Final[tuple[Entry, ...]] = (
    ("GET", "/v1/projects/{ref}/advisors/security", security),
    ("GET", "/v1/projects/{ref}/advisors/performance", performance),
)
