"""What a drill says of itself, and its exit code."""

from __future__ import annotations

import pytest

from supasync.events import Drilled, DrillReport, Found
from supasync.report.drill import lines


def drilled(found: Found, name: str = "rls-off", reason: str = "") -> Drilled:
    return Drilled(
        drift=name,
        family="Tables",
        what="it is off",
        found=found,
        object="table public.t",
        reason=reason,
    )


def report(*found: Found, error_code: int = 0) -> DrillReport:
    return DrillReport(
        branch="testing",
        ref="abcdefghijklmnopqrst",
        drifts=tuple(drilled(each, f"drift-{n}") for n, each in enumerate(found)),
        rounds=1,
        seconds=2.0,
        error="it broke" if error_code else "",
        error_code=error_code,
    )


@pytest.mark.parametrize(
    ("found", "error", "code"),
    [
        ([Found.HEALED, Found.NO_OCCASION], 0, 0),
        ([Found.HEALED, Found.MISSED], 0, 1),
        ([Found.HEALED, Found.NOT_HEALED], 5, 1),
        ([Found.HEALED, Found.UNKNOWN], 6, 6),
        ([Found.HEALED], 5, 5),
        ([Found.NO_OCCASION], 0, 3),
        ([], 0, 3),
    ],
)
def test_the_exit_code(found: list[Found], error: int, code: int) -> None:
    assert report(*found, error_code=error).exit_code == code


def test_what_had_no_occasion_is_named_and_not_counted() -> None:
    told = list(lines(report(Found.HEALED, Found.NO_OCCASION, Found.MISSED)))
    assert told[0] == "Tables"
    assert "  - drift-1  table public.t  no occasion" in told
    assert "  ✗ drift-2  table public.t  missed" in told
    assert told[-1].startswith("found 1 of 2, healed 1 of 2 on testing")
    assert "for 1 drift there was no occasion" in told[-1]
    assert not any("drift-0" in line for line in told)


def test_details_show_what_was_healed_too() -> None:
    assert "  ✓ drift-0  table public.t  healed" in lines(report(Found.HEALED), details=True)


def test_an_error_is_in_the_document() -> None:
    assert report(Found.HEALED, error_code=6).to_json()["error"] == {
        "message": "it broke",
        "remedy": "",
        "code": 6,
    }
    assert report(Found.HEALED).to_json()["error"] is None
