from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from supasync.sandbox.auth.timestamps import duration, rfc3339


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC), "2026-01-02T03:04:05Z"),
        (datetime(2026, 1, 2, 3, 4, 5, 120_000, tzinfo=UTC), "2026-01-02T03:04:05.12Z"),
        (datetime(2026, 1, 2, 3, 4, 5, 7, tzinfo=UTC), "2026-01-02T03:04:05.000007Z"),
        (
            datetime(2026, 1, 2, 3, 4, 5, tzinfo=timezone(timedelta(hours=2))),
            "2026-01-02T01:04:05Z",
        ),
        (None, None),
    ],
)
def test_times_are_utc_without_trailing_zeros(moment: datetime | None, text: str | None) -> None:
    assert rfc3339(moment) == text


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("24h", timedelta(hours=24)),
        ("1h30m", timedelta(hours=1, minutes=30)),
        ("-1.5s", timedelta(seconds=-1.5)),
        ("300ms", timedelta(milliseconds=300)),
        ("0", timedelta(0)),
    ],
)
def test_durations_are_go_s(text: str, length: timedelta) -> None:
    assert duration(text) == length


@pytest.mark.parametrize("text", ["", "1d", "h", "1 h", "24", "9999999999999h"])
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="invalid duration"):
        duration(text)
