"""A validation for people: the lines of the script that it replaces, and what is wrong."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TextIO

from supasync.events import Checked, Finding, Health, Validation
from supasync.report.wording import count, harmless, seconds

ESSENTIAL = "essential tables"
"""The check whose success is told environment by environment."""


@dataclass(frozen=True)
class Marks:
    begin: str
    good: str
    bad: str
    unknown: str
    end: str
    hint: str


EMOJI = Marks("🔍", "✅", "❌", "❓", "🎉", "→")
ASCII = Marks("[..]", "[OK]", "[FAIL]", "[??]", "[DONE]", "->")
_PLAIN = str.maketrans({"→": "->", "…": "...", "–": "-", "’": "'"})


def marks(out: TextIO, env: Mapping[str, str] = os.environ) -> Marks:
    """What can be shown there: a file's encoding may lack emoji, and so may a console's font."""
    try:
        "".join(vars(EMOJI).values()).encode(out.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return ASCII
    return ASCII if out.isatty() and env.get("TERM") in {"dumb", "linux"} else EMOJI


def write(found: Validation, out: TextIO, *, details: bool = False) -> None:
    """details: also what passed, with its evidence."""
    shown = marks(out)
    for line in lines(found, shown, details=details):
        print(plain(line, ascii_only=shown is ASCII), file=out)


def plain(line: str, *, ascii_only: bool) -> str:
    """A line as it can be shown: nothing that a terminal would obey, further lines indented."""
    text = harmless(line, lines=True).replace("\n", "\n   ")
    return (
        text.translate(_PLAIN).encode("ascii", "backslashreplace").decode() if ascii_only else text
    )


def lines(found: Validation, shown: Marks = EMOJI, *, details: bool = False) -> Iterator[str]:
    yield f"{shown.begin} Validating Database Schema Sync..."
    for environment in found.environments:
        for each in found.of(environment):
            yield from _of_check(each, shown, details=details)
    if details:
        for left in found.left_out:
            yield f"   {left.environment}: {left.check} was left out: {left.reason}"
    yield _last(found, shown)


def _of_check(each: Checked, shown: Marks, *, details: bool) -> Iterator[str]:
    where, what = each.environment, each.check.capitalize()
    if each.health is Health.PASS and (each.check == ESSENTIAL or details):
        yield f"{shown.good} {what} validation passed for {where}"
    remedies: dict[str, None] = {}
    for finding in each.report.findings:
        yield f"{_mark(finding, shown)} {_ended(each, finding)} for {where}: {finding.message}"
        if finding.remedy:
            remedies[finding.remedy] = None
    yield from (f"   {shown.hint} {remedy}" for remedy in remedies)
    if details:
        yield from (f"   {name}: {_worded(it)}" for name, it in each.report.evidence.items())
        yield f"   took {seconds(each.seconds)}"


def _worded(value: object) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {_worded(it)}" for name, it in value.items()) or "nothing"
    if isinstance(value, list | tuple):
        return " ".join(str(it) for it in value) or "nothing"
    return str(value)


def _mark(finding: Finding, shown: Marks) -> str:
    return shown.bad if finding.known else shown.unknown


def _ended(each: Checked, finding: Finding) -> str:
    how = "validation failed" if finding.known else "could not be validated"
    return f"{each.check.capitalize()} {how}"


def notes(found: Validation) -> Iterator[str]:
    """What people should know though no verdict hangs on it."""
    for each in found.checked:
        for note in each.report.notes:
            yield harmless(f"{each.environment}: {each.check}: {note}")


def _last(found: Validation, shown: Marks) -> str:
    if found.health is Health.PASS:
        return f"{shown.end} Schema Validation Complete!"
    failed = sum(each.health is Health.FAIL for each in found.checked)
    unknown = sum(each.health is Health.UNKNOWN for each in found.checked)
    told = [f"{count(failed, 'check')} failed"] if failed else []
    told += [f"{count(unknown, 'check')} could not be made"] if unknown else []
    mark = shown.bad if failed else shown.unknown
    verdict = "Failed" if failed else "Incomplete"
    return f"{mark} Schema Validation {verdict}: {', '.join(told)} of {len(found.checked)}"
