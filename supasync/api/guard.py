"""No write reaches production: refused here, below every client, before a socket opens. Neither
does a service that answers with rows, nor a statement that was not noted; which ones are, and which
rows they may read, is for `audit` to say.

The rule is meant to be broader than the client needs: a request that is not plainly a read is
refused when production's ref appears anywhere in its host or path, however it is spelled.
Two exact paths are excepted: the read-only query, which the platform runs as
supabase_read_only_user, and the creation of a branch, which adds a project and changes none.
A custom domain of production cannot be recognised; nothing in supasync addresses one.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable
from types import TracebackType
from typing import Self
from urllib.parse import unquote

import httpx

from supasync.errors import ProductionGuard, UsageError
from supasync.settings import is_ref

Audit = Callable[[str], None]
"""Called with a statement each time before it is sent, in a thread; when it raises, nothing is
sent."""

READ_METHODS = frozenset({"GET", "HEAD"})
METHOD_OVERRIDES = ("x-http-method-override", "x-http-method", "x-method-override")
_DATA_SERVICES = frozenset({"rest", "graphql", "storage", "realtime", "functions"})
_DECODE_ROUNDS = 8


class GuardedTransport(httpx.AsyncBaseTransport):
    """A transport of httpx that refuses writes to production, and every merge.

    audit: hears each statement for production. It sees each request of a redirect chain too.
    Raises: ProductionGuard, and what `audit` raises.
    """

    def __init__(
        self,
        inner: httpx.AsyncBaseTransport,
        production_ref: str,
        audit: Audit | None = None,
    ) -> None:
        ref = production_ref.strip().lower()
        if not is_ref(ref):
            raise UsageError(
                "Production's ref must be twenty lower-case letters.",
                remedy="Copy it from the project's URL: https://REF.supabase.co.",
            )
        self._inner = inner
        self._ref = ref
        self._audit = audit

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        check(request, self._ref)
        if self._audit is not None and _segments(request.url.raw_path) == _query(self._ref):
            # beside what else the loop does: it waits for the disk
            await asyncio.to_thread(self._audit, _statement(await request.aread()))
        return await self._inner.handle_async_request(request)

    async def __aenter__(self) -> Self:
        await self._inner.__aenter__()
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None = None,
        exc_value: BaseException | None = None,
        traceback: TracebackType | None = None,
    ) -> None:
        await self._inner.__aexit__(exc_type, exc_value, traceback)

    async def aclose(self) -> None:
        await self._inner.aclose()


def check(request: httpx.Request, production_ref: str) -> None:
    """Let a request pass, or raise ProductionGuard."""
    segments = _segments(request.url.raw_path)
    if _merges(segments):
        raise ProductionGuard("Merging a branch writes to production; supasync never does it.")
    names = unquote(request.url.host + " " + request.headers.get("host", "")).lower()
    named = production_ref in names or any(production_ref in part for part in segments)
    if named and _has_rows(segments):
        raise ProductionGuard(f"{request.url.path} has rows of production; they are never read.")
    if _reads(request, segments):
        return
    if not _names_branch_by_ref(segments):
        raise ProductionGuard(
            "A branch is changed only under its project ref: an id could be production's own."
        )
    if not named:
        return
    if request.method == "POST" and segments in _allowed(production_ref):
        return
    raise ProductionGuard(f"{request.method} {request.url.path} would write to production.")


def _allowed(ref: str) -> tuple[list[str], ...]:
    return (_query(ref), ["v1", "projects", ref, "branches"])


def _query(ref: str) -> list[str]:
    return ["v1", "projects", ref, "database", "query", "read-only"]


def _statement(body: bytes) -> str:
    """The SQL in a request's body, which must have nothing else. Raises: ProductionGuard."""
    try:
        found = json.loads(body)
    except ValueError:
        found = None
    if isinstance(found, dict) and set(found) == {"query"} and isinstance(found["query"], str):
        return found["query"]
    raise ProductionGuard("What would be sent to production is not one statement by itself.")


def _merges(segments: list[str]) -> bool:
    """Whether the path has `branches/<any>/merge`."""
    return any(
        first == "branches" and third == "merge"
        for first, third in zip(segments, segments[2:], strict=False)
    )


def _has_rows(segments: list[str]) -> bool:
    """Whether the path is of a service that answers with the application's data."""
    return any(
        second == "v1" and (first in _DATA_SERVICES or (first, third) == ("auth", "admin"))
        for first, second, third in zip(segments, segments[1:], [*segments[2:], ""], strict=False)
    )


def _reads(request: httpx.Request, segments: list[str]) -> bool:
    if request.method.upper() not in READ_METHODS:
        return False
    if any(header in request.headers for header in METHOD_OVERRIDES):
        return False
    # GET /auth/v1/verify spends a token and opens a session.
    return not ("auth" in segments and "verify" in segments)


def _names_branch_by_ref(segments: list[str]) -> bool:
    """False for `…/v1/branches/<anything but a ref>`; the deprecated ids are UUIDs."""
    for first, second, third in zip(segments, segments[1:], segments[2:], strict=False):
        if (first, second) == ("v1", "branches"):
            return is_ref(third)
    return True


def _segments(raw_path: bytes) -> list[str]:
    """The path as any server between here and the platform could understand it.

    Percent-encoding is undone until nothing changes, case folded, doubled slashes, backslashes,
    dot segments, path parameters, control characters and blanks removed.
    """
    path = raw_path.split(b"?", 1)[0].decode("latin-1")
    for _ in range(_DECODE_ROUNDS):
        decoded = unquote(path)
        if decoded == path:
            break
        path = decoded
    else:
        raise ProductionGuard("The URL's path is percent-encoded too many times to be checked.")
    segments: list[str] = []
    for part in re.split(r"[/\\]+", path.lower()):
        name = re.sub(r"[\x00-\x20\x7f]", "", part.split(";", 1)[0])
        if name == "..":
            del segments[-1:]
        elif name not in {"", "."}:
            segments.append(name)
    return segments
