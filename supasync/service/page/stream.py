"""A run as it goes, as server-sent events (HTML Living Standard, section 9.2)."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from supasync.service.page import rendering
from supasync.service.page.sessions import Session
from supasync.service.page.site import Site

_PATIENCE_SECONDS = 1.0
"""How often is looked at whether jobs wait, which no event tells."""


async def follow(site: Site, request: Request, session: Session) -> Response:
    """What the page shows of the run, anew with each change, until nothing waits or runs."""
    name = request.path_params["name"]
    if site.board.entry(name) is None:
        return Response(status_code=404)
    return StreamingResponse(_events(site, name, session), media_type="text/event-stream")


async def _events(site: Site, name: str, session: Session) -> AsyncIterator[str]:
    async for _ in site.progress.changes(_PATIENCE_SECONDS):
        row = await site.row(name)
        if row is None or site.sessions.of(session.id) is None:
            return
        shown = rendering.text(
            "live.html", row=row, activity=site.progress.of(name), now=site.clock.now()
        )
        yield f"data: {json.dumps(shown)}\n\n"
        if not row.jobs:
            yield "event: over\ndata:\n\n"
            return
