"""Runs pip-audit over constraints.txt and tells what it found, and what it could not know.

pip-audit says "no known vulnerabilities" also when its database knew none of the packages (behind
a mirror of PyPI), and exits with 1 for vulnerabilities and for a missing network alike. So its
document is read instead.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

SERVICES = ("pypi", "osv")
"""Advisory databases, asked in this order until one knows a package."""

PINS = "constraints.txt"


def main(tool: str) -> int:
    """The exit code: 1 when there are vulnerabilities, 0 when none are known or nothing is."""
    document: Mapping[str, Any] | None = None
    for service in SERVICES:
        document = audit(tool, service)
        if document is not None and known(document):
            break
    code, lines = verdict(document)
    print("\n".join(lines), file=sys.stderr if code == 0 and "Not audited" in lines[0] else None)
    return code


def audit(tool: str, service: str) -> Mapping[str, Any] | None:
    """pip-audit's document; None when it made none: the database was not reached."""
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder, "audit.json")
        options = ["--no-deps", "--disable-pip", "--progress-spinner", "off", "--format", "json"]
        command = [tool, "-r", PINS, "-s", service, *options, "-o", str(output)]
        subprocess.run(command, capture_output=True, check=False)
        try:
            found = json.loads(output.read_text())
        except (OSError, ValueError):
            return None
    return found if isinstance(found, dict) else None


def known(document: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The packages that the database knew."""
    return [each for each in document["dependencies"] if "skip_reason" not in each]


def verdict(document: Mapping[str, Any] | None) -> tuple[int, list[str]]:
    """The exit code and what to print."""
    audited = known(document) if document else []
    if document is None or not audited:
        return 0, [f"Not audited: no advisory database for {PINS} could be reached."]
    lines = [
        f"{each['name']} {each['version']}: {flaw['id']}, mended in "
        + (", ".join(flaw["fix_versions"]) or "no version yet")
        for each in audited
        for flaw in each["vulns"]
    ]
    skipped = len(document["dependencies"]) - len(audited)
    unknown = f"; in no advisory database: {skipped}" if skipped else ""
    total = f"packages audited: {len(audited)}; known vulnerabilities: {len(lines)}{unknown}"
    return (1 if lines else 0), [*lines, total]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
