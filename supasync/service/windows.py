"""Sync windows: when a sync may begin by itself. What began in a window may end after it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from cronsim import CronSim

from supasync.config import Watch, Window

_MINUTE = timedelta(minutes=1)


def closed(watch: Watch, at: float) -> str:
    """Why no sync may begin now, for people; "" when one may. at: seconds since the epoch.

    A window of `deny` wins over one of `allow`; where there is no `allow`, it is always allowed.
    """
    now = datetime.fromtimestamp(at, UTC)
    zone = ZoneInfo(watch.timezone)
    for window in watch.deny:
        if _open(window, now, zone):
            return f'outside the sync windows: denied by "{window.cron}" ({watch.timezone})'
    if watch.allow and not any(_open(window, now, zone) for window in watch.allow):
        crons = ", ".join(f'"{window.cron}"' for window in watch.allow)
        return f"outside the sync windows: allowed by {crons} ({watch.timezone})"
    return ""


def _open(window: Window, now: datetime, zone: ZoneInfo) -> bool:
    # the times before the next minute: the one that begins with this minute is among them
    following = now.astimezone(zone).replace(second=0, microsecond=0) + _MINUTE
    last = next(CronSim(window.cron, following, reverse=True), None)
    return last is not None and now < last.astimezone(UTC) + timedelta(minutes=window.minutes)
