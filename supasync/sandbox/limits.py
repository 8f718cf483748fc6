"""The platform's rate limit: so many requests a minute for each route and project."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from starlette.responses import JSONResponse, Response

LIMIT: Final = 120
WINDOW_SECONDS: Final = 60.0
RETRY_AFTER: Final = "60"  # measured on the platform, whatever is left of the window
REFUSED: Final = "ThrottlerException: Too Many Requests"
# Applying migrations is counted over three minutes.
LONGER: Final[Mapping[str, float]] = {"POST /v1/projects/{ref}/database/migrations": 180.0}


@dataclass
class Window:
    started: float
    used: int = 0


@dataclass
class Limiter:
    """Counts requests by (route, ref). enforced: without it nothing is refused, and no headers say
    that it would be: each request is told that it is its window's first.

    monotonic: a clock, in seconds. limit: of requests in `seconds`; LONGER has its own.
    """

    enforced: bool
    monotonic: Callable[[], float] = time.monotonic
    limit: int = LIMIT
    seconds: float = WINDOW_SECONDS
    _windows: dict[tuple[str, str], Window] = field(default_factory=dict)

    def take(self, route: str, ref: str) -> tuple[bool, dict[str, str]]:
        """Count one request; whether it may pass, and the headers of its answer."""
        seconds = LONGER.get(route, self.seconds)
        clock = self.monotonic()
        window = self._windows.get((route, ref))
        if window is None or not self.enforced or clock >= window.started + seconds:
            window = self._windows[route, ref] = Window(clock)
        window.used += 1
        headers = {
            "x-ratelimit-limit": str(self.limit),
            "x-ratelimit-remaining": str(max(0, self.limit - window.used)),
            "x-ratelimit-reset": str(math.ceil(window.started + seconds - clock)),
        }
        passes = window.used <= self.limit
        return passes, headers if passes else headers | {"retry-after": RETRY_AFTER}


def refusal(headers: Mapping[str, str] | None = None) -> Response:
    """The answer to one request too many. headers: of `Limiter.take`; else of a window that has
    just begun and is used up."""
    used_up = {
        "x-ratelimit-limit": str(LIMIT),
        "x-ratelimit-remaining": "0",
        "x-ratelimit-reset": str(math.ceil(WINDOW_SECONDS)),
        "retry-after": RETRY_AFTER,
    }
    return JSONResponse({"message": REFUSED}, 429, headers or used_up)
