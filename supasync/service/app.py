"""The routes: webhooks in, the state of things out."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp

from supasync.ports import Clock
from supasync.service import body, health, metrics
from supasync.service.board import Board
from supasync.service.edge import WEBHOOKS
from supasync.service.headers import SecurityHeaders
from supasync.service.jobs.port import Job, Jobs, Status
from supasync.service.metrics import Metrics
from supasync.service.receive import Answer, Reception, refused
from supasync.service.token import Token
from supasync.service.webhooks import SENDERS
from supasync.service.webhooks.delivery import Delivery, Rejected, claimed_id

LARGEST_BYTES = 10 << 20
"""Of a delivery. GitHub sends up to 25 MB, but a push is far from it."""

BODY_SECONDS = 10.0
"""How long a delivery's body may take. GitHub and GitLab themselves give up after ten."""

_LONGEST_SENDER = 40
"""As it is logged: one that we do not know can be anything."""

logger = logging.getLogger(__name__)

Endpoint = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True, kw_only=True)
class Parts:
    """What the routes work with. alive: whether the watch still runs."""

    reception: Reception
    board: Board
    jobs: Jobs
    token: Token
    clock: Clock
    alive: Callable[[], bool]
    metrics: Metrics


def application(parts: Parts, pages: Sequence[BaseRoute] = ()) -> ASGIApp:
    """pages: routes for people."""

    def of(route: Callable[[Parts, Request], Awaitable[Response]]) -> Endpoint:
        async def endpoint(request: Request) -> Response:
            return await route(parts, request)

        return endpoint

    def guarded(route: Callable[[Parts, Request], Awaitable[Response]]) -> Endpoint:
        async def endpoint(request: Request) -> Response:
            if not parts.token.admits(request.headers.get("authorization", "")):
                told = {"error": "a valid token is needed: Authorization: Bearer …"}
                return _json(told, 401, {"www-authenticate": "Bearer"})
            return await route(parts, request)

        return endpoint

    routes = Starlette(
        routes=[
            Route(WEBHOOKS + "{sender}", of(_webhook), methods=["POST"]),
            Route("/healthz", of(_healthz), methods=["GET"]),
            Route("/readyz", of(_readyz), methods=["GET"]),
            Route("/metrics", guarded(_metrics), methods=["GET"]),
            Route("/api/branches", guarded(_branches), methods=["GET"]),
            Route("/api/branches/{name:path}", guarded(_branch), methods=["GET"]),
            Route("/api/jobs/{id:path}", guarded(_job), methods=["GET"]),
            Route("/api/jobs/{id:path}", guarded(_cancel), methods=["DELETE"]),
            *pages,
        ]
    )
    return SecurityHeaders(routes)


async def _webhook(parts: Parts, request: Request) -> Response:
    sender = request.path_params["sender"]
    answer = await _received(parts, sender, request)
    parts.metrics.delivered(sender, answer.body["status"])
    facts = {
        "address": request.client.host if request.client else "",
        "sender": sender[:_LONGEST_SENDER],
        "delivery": claimed_id(request.headers),
    }
    logger.info("a delivery", extra={**facts, "http": answer.status, "answer": answer.body})
    return _json(answer.body, answer.status)


async def _received(parts: Parts, sender: str, request: Request) -> Answer:
    if sender not in SENDERS:
        return refused(404, f"senders are {', '.join(SENDERS)}")
    try:
        content = await body.read(request, LARGEST_BYTES, BODY_SECONDS)
    except Rejected as rejected:
        return refused(rejected.status, rejected.reason)
    delivery = Delivery(headers=request.headers, body=content, query=request.query_params)
    return await parts.reception(sender, delivery)


async def _healthz(_parts: Parts, _request: Request) -> Response:
    return _json({"status": "ok"})


async def _readyz(parts: Parts, _request: Request) -> Response:
    """Ready is who can store a delivery and still looks at branches."""
    try:
        await parts.jobs.status("readyz")
    except Exception as error:  # noqa: BLE001 -- whatever the store's driver raises, it is not ready
        return _json(
            {"status": "unready", "reason": f"the jobs' store: {type(error).__name__}"}, 503
        )
    if not parts.alive():
        return _json({"status": "unready", "reason": "the watch has ended"}, 503)
    return _json({"status": "ready", "looked_at": parts.board.looked_at})


async def _metrics(parts: Parts, _request: Request) -> Response:
    text = parts.metrics.text(await parts.jobs.open())
    return Response(text, headers={"content-type": metrics.CONTENT_TYPE})


async def _branches(parts: Parts, _request: Request) -> Response:
    return _json({"branches": await _documents(parts)})


async def _branch(parts: Parts, request: Request) -> Response:
    name = request.path_params["name"]
    found = next((each for each in await _documents(parts) if each["name"] == name), None)
    return _json(found) if found else _json({"error": f"no branch {name} is configured"}, 404)


async def _documents(parts: Parts) -> list[dict[str, Any]]:
    jobs = await parts.jobs.open()
    running = {job.branch for job in jobs if job.status is Status.RUNNING}
    healths = {
        entry.finding.branch: health.of_entry(entry, running=entry.finding.branch in running)
        for entry in parts.board.entries()
    }
    return [
        {
            **each,
            "health": healths[each["name"]],
            "jobs": [_told(job) for job in jobs if job.branch == each["name"]],
        }
        for each in parts.board.document(parts.clock.now())
    ]


async def _job(parts: Parts, request: Request) -> Response:
    job = await parts.jobs.status(request.path_params["id"])
    return _json(_told(job)) if job else _json({"error": "there is no such job"}, 404)


async def _cancel(parts: Parts, request: Request) -> Response:
    id_ = request.path_params["id"]
    if await parts.jobs.cancel(id_):
        return _json({"id": id_, "status": "cancelled"})
    if await parts.jobs.status(id_) is None:
        return _json({"error": "there is no such job"}, 404)
    return _json({"error": "it does not wait any more, so it is not cancelled"}, 409)


def _told(job: Job) -> dict[str, Any]:
    return {**asdict(job), "result": asdict(job.result) if job.result else None}


def _json(body: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    return JSONResponse(body, status, headers=headers)
