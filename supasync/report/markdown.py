"""A validation as Markdown, for a comment or a job's summary."""

from __future__ import annotations

from collections.abc import Iterator

from supasync.events import Checked, Health, Validation, worst
from supasync.report.markup import code
from supasync.report.wording import seconds

_MARK = {Health.PASS: "✅", Health.FAIL: "❌", Health.UNKNOWN: "❓"}


def render(found: Validation) -> str:
    return "\n".join(_lines(found)) + "\n"


def _lines(found: Validation) -> Iterator[str]:
    yield f"## {_MARK[found.health]} Schema validation: {found.health}"
    yield ""
    yield from table(found)
    yield ""
    for each in found.bad:
        yield from findings(each)
        yield ""
    if told := tuple(notes(found)):
        yield from (*told, "")
    yield f"{len(found.checked)} checks in {seconds(found.seconds)}."


def table(found: Validation) -> Iterator[str]:
    """A row for each check, a column for each environment."""
    names = (code(name, cell=True) for name in found.environments)
    yield "| check | " + " | ".join(names) + " |"
    yield "|---" * (len(found.environments) + 1) + "|"
    for check in dict.fromkeys(each.check for each in found.checked):
        cells = (_cell(found.of(name), check) for name in found.environments)
        yield f"| {check} | " + " | ".join(cells) + " |"


def findings(each: Checked) -> Iterator[str]:
    """Why a check did not pass, and what to do."""
    yield f"### {_MARK[each.health]} {code(each.environment)}: {each.check}"
    yield ""
    yield from (f"- {code(finding.message)}" for finding in each.report.findings)
    remedies = dict.fromkeys(one.remedy for one in each.report.findings if one.remedy)
    if remedies:
        yield ""
        yield from (f"- → {code(remedy)}" for remedy in remedies)


def notes(found: Validation) -> Iterator[str]:
    """What hangs no verdict on it, folded away."""
    told = [(each, note) for each in found.checked for note in each.report.notes]
    if told:
        yield "<details><summary>Notes</summary>\n"
        yield from (
            f"- {code(each.environment)}: {each.check}: {code(note)}" for each, note in told
        )
        yield "\n</details>"


def _cell(checks: tuple[Checked, ...], check: str) -> str:
    found = [each.health for each in checks if each.check == check]
    return f"{_MARK[worst(found)]} {worst(found)}" if found else "–"
