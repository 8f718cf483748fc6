"""A validation as JUnit XML, as Jenkins, GitLab and most other CI systems read it.

A suite per environment, a case per check; what could not be found out is an error.
"""

from __future__ import annotations

from collections.abc import Iterable
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from supasync.events import Checked, Health, LeftOut, Validation
from supasync.report.wording import harmless

_KIND = {Health.FAIL: "failure", Health.UNKNOWN: "error"}


def render(found: Validation) -> str:
    root = Element("testsuites", {"name": "supasync validate", **_counts(found.checked)})
    root.set("time", f"{found.seconds:.3f}")
    for environment in found.environments:
        checks = found.of(environment)
        left_out = [each for each in found.left_out if each.environment == environment]
        suite = SubElement(root, "testsuite", {"name": _safe(environment), **_counts(checks)})
        suite.set("tests", str(len(checks) + len(left_out)))
        suite.set("skipped", str(len(left_out)))
        suite.set("time", f"{max((each.seconds for each in checks), default=0.0):.3f}")
        for each in checks:
            _case(suite, each)
        for left in left_out:
            SubElement(_named(suite, left), "skipped", {"message": _safe(left.reason)})
    indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode") + "\n"


def _case(suite: Element, each: Checked) -> None:
    case = _named(suite, each)
    case.set("time", f"{each.seconds:.3f}")
    findings = each.report.findings
    if each.health is not Health.PASS:
        kind = _KIND[each.health]
        bad = SubElement(case, kind, {"message": _safe(findings[0].message), "type": each.check})
        bad.text = "\n".join(_safe(f"{one.message}\n→ {one.remedy}") for one in findings)
    told = [f"{name}: {value}" for name, value in each.report.evidence.items()]
    told += [f"note: {note}" for note in each.report.notes]
    if told:
        SubElement(case, "system-out").text = _safe("\n".join(told))


def _named(suite: Element, each: Checked | LeftOut) -> Element:
    place = {"classname": f"supasync.{_safe(each.environment)}", "name": _safe(each.check)}
    return SubElement(suite, "testcase", place)


def _counts(checks: Iterable[Checked]) -> dict[str, str]:
    found = [each.health for each in checks]
    return {
        "tests": str(len(found)),
        "failures": str(found.count(Health.FAIL)),
        "errors": str(found.count(Health.UNKNOWN)),
    }


def _safe(text: str) -> str:
    """XML 1.0 has no way to write most control characters."""
    return harmless(text, lines=True)
