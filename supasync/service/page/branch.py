"""One branch: how it is, what was done and what can be done."""

from __future__ import annotations

import logging
import re
import secrets

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from supasync.service.jobs import port
from supasync.service.jobs.port import Action, Job, Trigger
from supasync.service.page import admission, past, rendering
from supasync.service.page.sessions import Session
from supasync.service.page.site import Row, Site
from supasync.service.webhooks.delivery import Rejected

logger = logging.getLogger(__name__)

_ONCE = re.compile(r"[\w-]{16,64}", re.ASCII)


async def show(site: Site, request: Request, session: Session) -> Response:
    row = await found(site, request)
    return rendering.page(
        "branch.html",
        session=session,
        row=row,
        activity=site.progress.of(row.name),
        asked=await _asked(site, request, row),
        past=await past.read(site.history, row.name, site.clock.now()),
        once=secrets.token_urlsafe(),
        now=site.clock.now(),
    )


async def difference(site: Site, request: Request, session: Session) -> Response:
    row = await found(site, request)
    branch = await site.plans.of(row.entry.finding)
    return rendering.page("diff.html", session=session, row=row, branch=branch)


async def act(site: Site, request: Request, session: Session) -> Response:
    """Makes a job of what somebody asks for, and shows the branch."""
    row = await found(site, request)
    form = await admission.form(request, session)
    try:
        action = Action(form.get("do", ""))
    except ValueError:
        raise Rejected(400, f"what can be done is {', '.join(Action)}") from None
    once = form.get("once", "")
    if not _ONCE.fullmatch(once):
        raise Rejected(400, "the form is not complete: open the page anew")
    id_ = f"{_prefix(row, action)}{once}"  # a form that is sent twice is one job
    wanted = port.Request(branch=row.name, trigger=Trigger.MANUAL, action=action)
    await site.jobs.enqueue(id_, wanted)
    address = request.client.host if request.client else ""
    logger.info(
        "asked for on the page", extra={"branch": row.name, "action": action, "address": address}
    )
    here = rendering.address("branches", row.name)
    return RedirectResponse(f"{here}?did={action}&job={once}", 303)


async def found(site: Site, request: Request) -> Row:
    """Raises: Rejected when no such branch is configured."""
    name = request.path_params["name"]
    row = await site.row(name)
    if row is None:
        raise Rejected(404, f"no branch {name} is configured")
    return row


async def _asked(site: Site, request: Request, row: Row) -> Job | None:
    """The job that the page was opened for."""
    did, once = (request.query_params.get(each, "") for each in ("did", "job"))
    if did not in set(Action) or not _ONCE.fullmatch(once):
        return None
    return await site.jobs.status(f"{_prefix(row, Action(did))}{once}")


def _prefix(row: Row, action: Action) -> str:
    return f"{Trigger.MANUAL}:{row.name}:{action}:"
