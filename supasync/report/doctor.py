"""A doctor's findings for people."""

from __future__ import annotations

from typing import TextIO

from supasync.events import Diagnoses, Health
from supasync.report.validation import ASCII, marks, plain


def write(found: Diagnoses, out: TextIO) -> None:
    shown = marks(out)
    by_health = {Health.PASS: shown.good, Health.FAIL: shown.bad, Health.UNKNOWN: shown.unknown}
    for each in found.all:
        lines = [f"{by_health[each.health]} {each.name}: {each.message}"]
        if each.remedy and each.health is not Health.PASS:
            lines.append(f"   {shown.hint} {each.remedy}")
        for line in lines:
            print(plain(line, ascii_only=shown is ASCII), file=out)
