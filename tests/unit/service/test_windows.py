"""When syncs may begin by themselves."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from supasync.config import Watch, Window
from supasync.service import windows

OFFICE = Window(cron="0 9 * * 1-5", minutes=8 * 60)
NOON = Window(cron="0 12 * * *", minutes=60)
NIGHT = Window(cron="0 22 * * *", minutes=8 * 60)


def closed(watch: Watch, at: str) -> str:
    return windows.closed(watch, datetime.fromisoformat(at).timestamp())


@pytest.mark.parametrize(
    ("at", "is_open"),
    [
        ("2026-11-23T08:59:59+00:00", False),
        ("2026-11-23T09:00:00+00:00", True),
        ("2026-11-23T16:59:59+00:00", True),
        ("2026-11-23T17:00:00+00:00", False),
        ("2026-11-22T10:00:00+00:00", False),  # a Sunday
    ],
)
def test_allowed(at: str, is_open: bool) -> None:
    assert (closed(Watch(allow=(OFFICE,)), at) == "") is is_open


def test_without_windows_it_is_always_open() -> None:
    assert closed(Watch(), "2026-11-22T03:00:00+00:00") == ""


def test_deny_wins() -> None:
    watch = Watch(allow=(OFFICE,), deny=(NOON,))
    assert 'denied by "0 12 * * *"' in closed(watch, "2026-11-23T12:30:00+00:00")
    assert closed(watch, "2026-11-23T13:00:00+00:00") == ""
    assert closed(Watch(deny=(NOON,)), "2026-11-23T11:59:00+00:00") == ""


def test_a_window_over_midnight() -> None:
    watch = Watch(allow=(NIGHT,))
    assert closed(watch, "2026-11-23T05:59:00+00:00") == ""
    assert "allowed by" in closed(watch, "2026-11-23T06:00:00+00:00")


def test_in_a_time_zone_also_when_its_clocks_change() -> None:
    watch = Watch(allow=(OFFICE,), timezone="Europe/Berlin")
    assert closed(watch, "2026-11-23T08:00:00+00:00") == ""  # winter: 9:00
    assert closed(watch, "2026-07-20T07:00:00+00:00") == ""  # summer: 9:00
    assert closed(watch, "2026-11-23T07:59:00+00:00") != ""
    night = Watch(allow=(NIGHT,), timezone="Europe/Berlin")
    longer = datetime(2026, 10, 25, 4, 59, tzinfo=ZoneInfo("Europe/Berlin"))
    assert windows.closed(night, longer.timestamp()) == ""
