"""A validation in every format."""

from __future__ import annotations

import io
import json
import re
import sys
from typing import get_args
from xml.etree import ElementTree as ET

import jsonschema
import pytest

from supasync.cli import validate
from supasync.cli.screen import Screen
from supasync.events import (
    Checked,
    Finding,
    Health,
    LeftOut,
    Report,
    Validation,
    worst,
)
from supasync.report import github, gitlab, junit, markdown, sarif, validation

ESSENTIAL = "essential tables"
BAD = Finding(
    message='table public."a|b" is missing', remedy="Run `supasync branches sync testing`."
)
NOT_KNOWN = Finding(message="no answer\n::error::from <there> \x1b[2J", known=False)


def checked(
    environment: str, check: str, *findings: Finding, notes: tuple[str, ...] = ()
) -> Checked:
    report = Report(findings=findings, evidence={"counts": {"users": 4, "logs": []}}, notes=notes)
    return Checked(environment=environment, check=check, report=report, seconds=0.5)


def made(*checks: Checked) -> Validation:
    return Validation(
        environments=("production", "testing", "preview"),
        checked=checks,
        left_out=(LeftOut(environment="testing", check="timing", reason="no budget"),),
        seconds=1.5,
        config="config.toml",
    )


GOOD = made(*(checked(name, ESSENTIAL) for name in ("production", "testing", "preview")))
WRONG = made(
    checked("production", ESSENTIAL),
    checked("testing", ESSENTIAL, BAD, notes=("narrower: %25",)),
    checked("preview", "services", NOT_KNOWN),
)


def text(found: Validation, encoding: str = "utf-8", **options: bool) -> str:
    raw = io.BytesIO()
    out = io.TextIOWrapper(raw, encoding=encoding, newline="\n")
    validation.write(found, out, **options)
    out.flush()
    return raw.getvalue().decode(encoding)


def test_all_is_well_in_the_words_people_know():
    assert text(GOOD) == (
        "🔍 Validating Database Schema Sync...\n"
        "✅ Essential tables validation passed for production\n"
        "✅ Essential tables validation passed for testing\n"
        "✅ Essential tables validation passed for preview\n"
        "🎉 Schema Validation Complete!\n"
    )


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252", "cp437"])
def test_without_emoji(encoding: str):
    assert text(GOOD, encoding).splitlines()[1:3] == [
        "[OK] Essential tables validation passed for production",
        "[OK] Essential tables validation passed for testing",
    ]
    shown = text(WRONG, encoding)
    assert shown.isascii() and "[FAIL]" in shown and "-> Run" in shown


def test_a_console_that_has_no_emoji():
    class Console(io.StringIO):
        encoding = "utf-8"

        def isatty(self) -> bool:
            return True

    assert validation.marks(Console(), {"TERM": "linux"}) is validation.ASCII
    assert validation.marks(Console(), {"TERM": "xterm-256color"}) is validation.EMOJI
    assert validation.marks(io.StringIO(), {"TERM": "dumb"}) is validation.ASCII


def test_what_is_wrong_is_named():
    assert text(WRONG).splitlines() == [
        "🔍 Validating Database Schema Sync...",
        "✅ Essential tables validation passed for production",
        '❌ Essential tables validation failed for testing: table public."a|b" is missing',
        "   → Run `supasync branches sync testing`.",
        "❓ Services could not be validated for preview: no answer",
        "   ::error::from <there> \\x1b[2J",
        "❌ Schema Validation Failed: 1 check failed, 1 check could not be made of 3",
    ]
    assert list(validation.notes(WRONG)) == ["testing: essential tables: narrower: %25"]
    shown = text(GOOD, details=True)
    assert "timing was left out: no budget" in shown
    assert "   counts: users 4, logs nothing\n" in shown
    only_unknown = made(checked("preview", "services", NOT_KNOWN))
    assert text(only_unknown).endswith(
        "❓ Schema Validation Incomplete: 1 check could not be made of 1\n"
    )


def test_exit_codes_and_that_unknown_is_never_green():
    unknown = made(checked("testing", ESSENTIAL), checked("preview", "services", NOT_KNOWN))
    assert (GOOD.exit_code, WRONG.exit_code, unknown.exit_code, made().exit_code) == (0, 1, 3, 3)
    both = checked("testing", "test users", NOT_KNOWN, BAD)
    assert both.health is Health.FAIL
    assert worst([Health.PASS, Health.UNKNOWN]) is Health.UNKNOWN
    document = json.loads(json.dumps(unknown.to_json()))
    assert (document["result"], document["exit_code"]) == ("Unknown", 3)
    assert document["checks"][1]["findings"][0]["known"] is False


def test_github():
    lines = github.render(WRONG).splitlines()
    commands = [line for line in lines if line.startswith("::")]
    assert commands[0] == (
        "::error file=config.toml,title=testing%3A essential tables"
        '::table public."a|b" is missing%0ARun `supasync branches sync testing`.'
    )
    assert commands[1].startswith("::warning ") and "%0A::error::from" in commands[1]
    assert commands[2].startswith("::notice ") and commands[2].endswith("narrower: %2525")
    assert len(commands) == 3, "nothing of a finding is a command"
    assert not github.render(GOOD).count("::")


def test_junit():
    root = ET.fromstring(junit.render(WRONG))
    assert root.tag == "testsuites"
    assert [root.get(name) for name in ("tests", "failures", "errors")] == ["3", "1", "1"]
    suites = {suite.get("name"): suite for suite in root}
    assert list(suites) == ["production", "testing", "preview"]
    testing = suites["testing"]
    assert [testing.get(name) for name in ("tests", "failures", "errors", "skipped")] == [
        *("2", "1", "0", "1")
    ]
    case, left_out = testing
    assert (case.get("classname"), case.get("name")) == ("supasync.testing", ESSENTIAL)
    assert case.find("failure").get("message") == BAD.message
    assert left_out.find("skipped").get("message") == "no budget"
    assert "\\x1b" in suites["preview"][0].find("error").text
    assert len(list(ET.fromstring(junit.render(GOOD)).iter("failure"))) == 0


TEXT = {"type": "string", "minLength": 1}
SARIF = {
    "type": "object",
    "required": ["version", "runs"],
    "properties": {
        "version": {"const": "2.1.0"},
        "runs": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["tool", "results"],
                "properties": {
                    "tool": {
                        "required": ["driver"],
                        "properties": {"driver": {"required": ["name", "rules"]}},
                    },
                    "invocations": {"items": {"required": ["executionSuccessful"]}},
                    "results": {
                        "items": {
                            "required": ["message", "ruleId", "locations"],
                            "properties": {
                                "level": {"enum": ["none", "note", "warning", "error"]},
                                "message": {"required": ["text"], "properties": {"text": TEXT}},
                                "locations": {
                                    "minItems": 1,
                                    "items": {"required": ["physicalLocation"]},
                                },
                            },
                        }
                    },
                },
            },
        },
    },
}
"""What OASIS SARIF 2.1.0 requires (sections 3.13, 3.14, 3.27), and GitHub besides."""

CODE_QUALITY = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["description", "check_name", "fingerprint", "severity", "location"],
        "properties": {
            "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
            "location": {
                "required": ["path", "lines"],
                "properties": {"lines": {"required": ["begin"]}, "path": TEXT},
            },
        },
    },
}
"""docs.gitlab.com, "Code Quality report format"."""


@pytest.mark.parametrize("found", [GOOD, WRONG], ids=["good", "wrong"])
def test_sarif_and_gitlab_keep_to_their_schemas(found: Validation):
    document = json.loads(sarif.render(found))
    jsonschema.validate(document, SARIF)
    [run] = document["runs"]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert [rules[each["ruleIndex"]] for each in run["results"]] == [
        each["ruleId"] for each in run["results"]
    ]
    issues = json.loads(gitlab.render(found))
    jsonschema.validate(issues, CODE_QUALITY)
    assert len(issues) == len(run["results"]) == (0 if found is GOOD else 2)
    assert len({each["fingerprint"] for each in issues}) == len(issues)
    assert [each["level"] for each in run["results"]] == (
        [] if found is GOOD else ["error", "warning"]
    )


def test_markdown_has_a_table_and_no_foreign_markup():
    shown = markdown.render(WRONG)
    assert "## ❌ Schema validation: Fail" in shown
    assert "| essential tables | ✅ Pass | ❌ Fail | – |" in shown
    assert "| services | – | – | ❓ Unknown |" in shown
    assert '- `table public."a|b" is missing`' in shown
    assert "- `no answer\\n::error::from <there> \\x1b[2J`" in shown, "code, and so no markup"
    assert "\x1b" not in shown
    assert not re.search(r"(?m)^::", shown)
    assert "## ✅ Schema validation: Pass" in markdown.render(GOOD)


@pytest.mark.parametrize("form", get_args(validate.Format))
def test_each_format_where_stdout_has_another_encoding(
    form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Programs read UTF-8 from any locale."""
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding="ascii"))
    screen = Screen(as_json=form == "json", debug=False)
    for found in (GOOD, made(checked("testing", ESSENTIAL, Finding(message="Ü → 表")))):
        validate.show(screen, found, form, details=False)
    sys.stdout.flush()
    shown = raw.getvalue().decode("ascii" if form == "text" else "utf-8")
    assert "\\xdc -> \\u8868" in shown if form == "text" else "Ü → 表" in shown
