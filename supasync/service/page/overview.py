"""All branches on one page."""

from __future__ import annotations

from collections import Counter

from starlette.requests import Request
from starlette.responses import Response

from supasync.service.page import rendering
from supasync.service.page.sessions import Session
from supasync.service.page.site import Site


async def show(site: Site, _request: Request, session: Session) -> Response:
    rows = await site.rows()
    return rendering.page(
        "overview.html",
        session=session,
        rows=rows,
        counts=Counter(row.entry.finding.verdict for row in rows),
        looked_at=site.board.looked_at,
        now=site.clock.now(),
    )
