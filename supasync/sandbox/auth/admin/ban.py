"""`ban_duration` of the admin routes: how long a user may not log in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from supasync.sandbox.auth.errors import invalid
from supasync.sandbox.auth.params import Params
from supasync.sandbox.auth.timestamps import duration


@dataclass(frozen=True)
class Ban:
    """What banned_until is set to: a moment, or None for "not banned any more"."""

    value: datetime | None


def ban_of(params: Params) -> Ban | None:
    """None when nothing about a ban is asked; `none` and a zero duration lift it."""
    text = params.text("ban_duration")
    if not text:
        return None
    if text == "none":
        return Ban(None)
    try:
        length = duration(text)
        return Ban(datetime.now(UTC) + length if length != timedelta(0) else None)
    except (ValueError, OverflowError) as error:
        raise invalid(f"invalid format for ban duration: {error}") from error
