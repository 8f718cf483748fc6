"""A validation as Markdown, for a comment or a job's summary."""

from __future__ import annotations

import re
from collections.abc import Iterator

from supasync.events import Checked, Health, Validation, worst
from supasync.report.wording import harmless, seconds

_MARK = {Health.PASS: "✅", Health.FAIL: "❌", Health.UNKNOWN: "❓"}
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>()#+!|~@$&])")


def render(found: Validation) -> str:
    return "\n".join(_lines(found)) + "\n"


def _lines(found: Validation) -> Iterator[str]:
    yield f"## {_MARK[found.health]} Schema validation: {found.health}"
    yield ""
    yield "| check | " + " | ".join(_safe(name) for name in found.environments) + " |"
    yield "|---" * (len(found.environments) + 1) + "|"
    for check in dict.fromkeys(each.check for each in found.checked):
        cells = (_cell(found.of(name), check) for name in found.environments)
        yield f"| {_safe(check)} | " + " | ".join(cells) + " |"
    yield ""
    for each in found.bad:
        yield f"### {_MARK[each.health]} {_safe(each.environment)}: {_safe(each.check)}"
        yield ""
        yield from (f"- {_safe(finding.message)}" for finding in each.report.findings)
        remedies = dict.fromkeys(one.remedy for one in each.report.findings if one.remedy)
        yield ""
        yield from (f"→ {_safe(remedy)}\n" for remedy in remedies)
    notes = [(each, note) for each in found.checked for note in each.report.notes]
    if notes:
        yield "<details><summary>Notes</summary>\n"
        for each, note in notes:
            yield f"- {_safe(each.environment)}: {_safe(each.check)}: {_safe(note)}"
        yield "\n</details>\n"
    yield f"{len(found.checked)} checks in {seconds(found.seconds)}."


def _cell(checks: tuple[Checked, ...], check: str) -> str:
    found = [each.health for each in checks if each.check == check]
    return f"{_MARK[worst(found)]} {worst(found)}" if found else "–"


def _safe(text: str) -> str:
    """Names of databases are not to be markup."""
    return _SPECIAL.sub(r"\\\1", harmless(text))
