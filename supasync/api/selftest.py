"""Tries, on this installation, what the guard below every client has to refuse. Sends nothing."""

from __future__ import annotations

import httpx

from supasync.api.guard import GuardedTransport
from supasync.errors import ProductionGuard


class Unguarded(Exception):
    """The guard lets through what it must refuse, or refuses what it must let through."""


class _Wall(httpx.AsyncBaseTransport):
    """Where the network would begin."""

    def __init__(self) -> None:
        self.reached: list[str] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.reached.append(f"{request.method} {request.url.path}")
        return httpx.Response(200)


def _writes(ref: str) -> tuple[httpx.Request, ...]:
    api, project = "https://api.supabase.com/v1", f"https://{ref}.supabase.co"
    return (
        httpx.Request("POST", f"{api}/projects/{ref}/database/query", json={"query": "select 1"}),
        httpx.Request("POST", f"{api}/projects/{ref}/database/migrations", json={"query": ""}),
        httpx.Request("PATCH", f"{api}/projects/{ref}/config/auth", json={}),
        httpx.Request("DELETE", f"{api}/projects/{ref}"),
        httpx.Request("POST", f"{api}/branches/{ref}/reset"),
        httpx.Request("POST", f"{api}/branches/aaaaaaaaaaaaaaaaaaaa/merge"),
        httpx.Request("POST", f"{project}/auth/v1/admin/users", json={}),
        httpx.Request("GET", f"{project}/rest/v1/users"),
    )


async def refusals(production_ref: str) -> int:
    """How many requests were tried, each of which would write to production or read its rows.

    Raises: Unguarded, naming it, when one was not refused or no request passes at all.
    """
    wall = _Wall()
    guarded = GuardedTransport(wall, production_ref)
    writes = _writes(production_ref)
    for request in writes:
        try:
            await guarded.handle_async_request(request)
        except ProductionGuard:
            continue
        raise Unguarded(f"{request.method} {request.url.path} was not refused")
    read = httpx.Request("GET", f"https://api.supabase.com/v1/projects/{production_ref}")
    await guarded.handle_async_request(read)
    if len(wall.reached) != 1:
        raise Unguarded("reading the project was refused too")
    return len(writes)
