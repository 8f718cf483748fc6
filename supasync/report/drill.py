"""A drift drill for people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from rich.console import Console

from supasync.events import Drilled, DrillReport, Found
from supasync.report.wording import count, harmless, seconds

_MARKS = {
    Found.HEALED: "✓",
    Found.NOT_HEALED: "✗",
    Found.MISSED: "✗",
    Found.UNKNOWN: "?",
    Found.NO_OCCASION: "-",
}
_ALWAYS = (Found.MISSED, Found.NOT_HEALED, Found.NO_OCCASION)


def print_drill(report: DrillReport, console: Console, *, details: bool = False) -> None:
    """details: also what was found and healed."""
    for line in lines(report, details=details):
        console.print(harmless(line), markup=False, soft_wrap=True)


def lines(report: DrillReport, *, details: bool = False) -> Iterator[str]:
    shown = tuple(Found) if details else _ALWAYS
    family = ""
    for each in report.drifts:
        if each.found not in shown:
            continue
        if each.family != family:
            family = each.family
            yield family
        yield f"  {_MARKS[each.found]} {_told(each)}"
    yield _last(report)


def print_catalogue(rows: Sequence[Mapping[str, str]], console: Console) -> None:
    """rows: drift, family, what, needs."""
    for row in rows:
        console.print(f"{row['drift']}: {row['what']}; where there is {row['needs']}")


def _told(each: Drilled) -> str:
    where = f"  {each.object}" if each.object else ""
    why = f": {each.reason}" if each.reason else ""
    return f"{each.drift}{where}  {each.found}{why}"


def _last(report: DrillReport) -> str:
    told = (
        f"found {report.found} of {report.made}, healed {report.healed} of {report.made}"
        f" on {report.branch} in {seconds(report.seconds)}"
    )
    without = len(report.of(Found.NO_OCCASION))
    if without:
        told += f"; for {count(without, 'drift')} there was no occasion"
    untried = len(report.of(Found.UNKNOWN))
    if untried:
        told += f"; {count(untried, 'drift')} were not tried"
    return told


def catalogue(families: Sequence[tuple[str, Sequence[tuple[str, str, str]]]]) -> str:
    """The catalogue as Markdown. families: title, and of each drift its name, what happens and
    what it needs."""
    parts = []
    for title, drifts in families:
        rows = "\n".join(f"| `{name}` | {what} | {needs} |" for name, what, needs in drifts)
        parts.append(
            f"### {title}\n\n| drift | what happens | where there is |\n|---|---|---|\n{rows}\n"
        )
    return "\n".join(parts)
