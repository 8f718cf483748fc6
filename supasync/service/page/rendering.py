"""HTML from the templates. Whatever is put into one is escaped, and what a browser would obey
without showing it, such as a change of direction in a name, is written out."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from starlette.responses import HTMLResponse

from supasync import __version__
from supasync.report import wording

_MINUTE, _HOUR, _DAY = 60, 3600, 86400
_TITLES = {401: "Not signed in", 403: "Refused", 404: "Not found", 429: "Too many tries"}


def page(template: str, status: int = 200, **values: Any) -> HTMLResponse:
    return HTMLResponse(text(template, **values), status)


def error(status: int, message: str) -> HTMLResponse:
    title = _TITLES.get(status, "Not done")
    return page("error.html", status, title=title, message=message)


def text(template: str, **values: Any) -> str:
    return _templates.get_template(template).render(**values)


def address(first: str, branch: str) -> str:
    """`/branches/feature/gr%C3%B6%C3%9Fe`; first: the path's first part."""
    return f"/{first}/{quote(branch)}"


def ago(at: float | None, now: float) -> str:
    """`3 min ago`; both are seconds since the epoch."""
    if not at:
        return "never"
    spent = max(0.0, now - at)
    for length, unit in ((_DAY, "d"), (_HOUR, "h"), (_MINUTE, "min")):
        if spent >= 2 * length or (unit == "min" and spent >= length):
            return f"{spent // length:.0f} {unit} ago"
    return f"{spent:.0f} s ago"


def moment(at: float) -> str:
    return f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d %H:%M:%S} UTC"


def iso(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="seconds")


def _shown(value: object) -> object:
    if isinstance(value, str) and not isinstance(value, Markup):
        return wording.harmless(value.expandtabs(4), lines=True)
    return value


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("supasync.service.page"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(ago=ago, moment=moment, iso=iso, seconds=wording.seconds)
    environment.globals.update(version=__version__, wording=wording)
    return environment


_templates = _environment()
