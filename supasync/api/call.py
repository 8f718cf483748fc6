"""One request to the Management API, and what came back."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import quote

import httpx


class _Unreadable:
    """The body is not what was asked for: an HTML page of a proxy, or cut JSON."""

    def __repr__(self) -> str:
        return "UNREADABLE"


UNREADABLE = _Unreadable()


@dataclass(frozen=True, kw_only=True)
class Call:
    """A request. `route` is the path's template; `path` has the values for its braces, the project
    or branch first.

    writes: whether sending it twice could do something twice. reply: what the body must be.
    """

    method: str
    route: str
    path: Mapping[str, str] = field(default_factory=dict)
    query: tuple[tuple[str, str], ...] = ()
    body: Mapping[str, Any] | None = field(default=None, repr=False)
    writes: bool = False
    reply: Literal["json", "text", "ignored"] = "json"

    @property
    def name(self) -> str:
        """`GET /v1/projects/{ref}`: how the call is counted and named in errors."""
        return f"{self.method} {self.route}"

    @property
    def bucket(self) -> tuple[str, str]:
        """What its rate limit counts: the route, and the project or branch."""
        return self.name, next(iter(self.path.values()), "")

    @property
    def url(self) -> str:
        return self.route.format_map({key: quote(self.path[key], safe="") for key in self.path})


@dataclass(frozen=True, kw_only=True)
class Answer:
    """A response, read to its end. message: the platform's own words for an error, else ""."""

    status: int
    headers: httpx.Headers
    body: Any = field(repr=False)  # keys, among others
    message: str = ""

    @property
    def readable(self) -> bool:
        return self.body is not UNREADABLE

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300 and self.readable


def read_answer(call: Call, response: httpx.Response) -> Answer:
    """Read a response as its call expects it; errors are JSON `{"message": …}` or empty."""
    if 200 <= response.status_code < 300:
        body = _READERS[call.reply](response)
        return Answer(status=response.status_code, headers=response.headers, body=body)
    body = _json(response) if response.content else {}
    return Answer(
        status=response.status_code,
        headers=response.headers,
        body=body,
        message=_message(body) or response.reason_phrase,
    )


def _json(response: httpx.Response) -> Any:
    try:
        return json.loads(response.content)
    except (ValueError, RecursionError):
        return UNREADABLE


def _text(response: httpx.Response) -> Any:
    return UNREADABLE if "html" in response.headers.get("content-type", "") else response.text


def _ignored(_: httpx.Response) -> None:
    return None


_READERS: Mapping[str, Callable[[httpx.Response], Any]] = {
    "json": _json,
    "text": _text,
    "ignored": _ignored,
}


def _message(body: Any) -> str:
    if not isinstance(body, dict):
        return ""
    found = body.get("message") or body.get("msg") or body.get("error")
    return found if isinstance(found, str) else ""
