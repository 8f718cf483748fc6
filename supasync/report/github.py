"""A validation as annotations of a GitHub Actions job.

Workflow commands: docs.github.com, "Workflow commands for GitHub Actions"; escapes as
actions/toolkit, packages/core/src/command.ts.
"""

from __future__ import annotations

from collections.abc import Iterator

from supasync.events import Validation
from supasync.report.validation import EMOJI, lines, notes
from supasync.report.wording import harmless


def render(found: Validation) -> str:
    return "".join(f"{line}\n" for line in _lines(found))


def _lines(found: Validation) -> Iterator[str]:
    for each in found.bad:
        for finding in each.report.findings:
            level = "error" if finding.known else "warning"
            title = f"{each.environment}: {each.check}"
            text = "\n".join(filter(None, (finding.message, finding.remedy)))
            yield _command(level, title, text, found.config)
    for note in notes(found):
        yield _command("notice", "validate", note, found.config)
    yield from (harmless(line) for line in lines(found, EMOJI))


def _command(level: str, title: str, text: str, file: str) -> str:
    return f"::{level} file={_property(file)},title={_property(title)}::{_data(text)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
