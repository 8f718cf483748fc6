"""A validation as annotations of a GitHub Actions job.

Workflow commands: docs.github.com, "Workflow commands for GitHub Actions"; escapes as
actions/toolkit, packages/core/src/command.ts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from supasync.events import Validation
from supasync.report.validation import EMOJI, lines, notes
from supasync.report.wording import harmless

_BEGINS = re.compile(r"(^|[\r\n])([^\S\r\n]*)::")
"""The runner takes a line for a command that begins so, after blanks."""
_OLDER = "##["
"""Or that has this anywhere (actions/runner, src/Runner.Common/ActionCommand.cs)."""


def inert(text: str) -> str:
    """The text, in which the runner finds no command."""
    return _BEGINS.sub(r"\1\2: :", text).replace(_OLDER, "# #[")


def render(found: Validation) -> str:
    return "".join(f"{line}\n" for line in _lines(found))


def _lines(found: Validation) -> Iterator[str]:
    yield from commands(found)
    yield from (inert(harmless(line)) for line in lines(found, EMOJI))


def commands(found: Validation) -> Iterator[str]:
    """The annotations alone."""
    for each in found.bad:
        for finding in each.report.findings:
            level = "error" if finding.known else "warning"
            title = f"{each.environment}: {each.check}"
            text = "\n".join(filter(None, (finding.message, finding.remedy)))
            yield command(level, title, text, found.config)
    for note in notes(found):
        yield command("notice", "validate", note, found.config)


def command(level: str, title: str, text: str, file: str) -> str:
    """An annotation: nothing in the texts can end it or begin another. level: error, warning or
    notice. file: where it is shown; relative to the repository."""
    return f"::{level} file={_property(file)},title={_property(title)}::{_data(text)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
