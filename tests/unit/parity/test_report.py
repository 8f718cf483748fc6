"""The report as people see it."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from supasync.events import (
    BranchFinished,
    RunStarted,
    SettingChange,
    SettingsPlanned,
    Summary,
)
from supasync.parity import Row, State
from supasync.report.parity import print_parity, to_json
from supasync.report.text import print_run

ROWS = (
    Row(aspect="PostgreSQL", name="version", state=State.SAME, main="17.6", branch="17.6"),
    Row(aspect="auth", name="jwt_exp", state=State.DIFFERENT, main="60", branch="3600"),
    Row(
        aspect="auth",
        name="smtp_pass",
        state=State.SAME,
        main="set",
        branch="set",
        reason="a secret",
    ),
    Row(aspect="buckets", name="", state=State.SAME, main="none", branch="none"),
    Row(aspect="storage", name="", state=State.CANNOT_SEE, reason="main: no\x1b[31m permission"),
)
SHORT = """\
testing  3 same, 1 different, 1 cannot be seen
  PostgreSQL  1 same
  auth  1 same, 1 different
    ~ jwt_exp: main 60, branch 3600
  buckets  none
  storage
    ? cannot be seen: main: no\\x1b[31m permission

"""


def printed(*, same: bool) -> str:
    out = io.StringIO()
    print_parity({"testing": ROWS}, Console(file=out, width=200), same=same)
    return out.getvalue()


def test_what_differs() -> None:
    assert printed(same=False) == SHORT


def test_what_is_the_same_too() -> None:
    more = set(printed(same=True).splitlines()) - set(SHORT.splitlines())
    assert more == {"    = version: 17.6", "    = smtp_pass: set (a secret)"}


def test_as_json() -> None:
    document = to_json("testing", "b" * 20, ROWS)
    assert document["counts"] == {"same": 3, "different": 1, "cannot-see": 1}
    assert document["rows"][1] == {
        "aspect": "auth",
        "name": "jwt_exp",
        "state": "different",
        "main": "60",
        "branch": "3600",
        "reason": "",
    }


@pytest.mark.parametrize(("done", "word"), [(False, "to copy"), (True, "copied")])
def test_settings_of_a_run(done: bool, word: str) -> None:
    changes = (
        SettingChange(name="auth.jwt_exp", before="3600", after="60"),
        SettingChange(name="auth.site_url", before="a", after="b", refused="less secure"),
    )
    summary = Summary()
    summary(
        RunStarted(
            run_id="r", command="c", source="main", branches=("testing",), dry_run=True, at=0
        )
    )
    summary(SettingsPlanned(branch="testing", changes=changes, done=done))
    summary(BranchFinished(branch="testing", ref="", verdict=None, seconds=0))
    out = io.StringIO()
    print_run(summary, Console(file=out, width=200))
    assert f"  setting auth.jwt_exp: 3600 → 60, {word}\n" in out.getvalue()
    assert "  ✗ setting auth.site_url: less secure\n" in out.getvalue()
    [first, _] = summary.to_json()["branches"][0]["settings"]
    assert first["copied"] is done
