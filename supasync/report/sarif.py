"""A validation as SARIF 2.1.0 (OASIS), as GitHub code scanning and others read it.

A result per finding. Its place is the configuration, since databases have no files.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import PurePath
from typing import Any

from supasync import __version__
from supasync.events import Checked, Finding, Validation

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_HOME = "https://github.com/supasync/supasync"


def render(found: Validation) -> str:
    rules = list(dict.fromkeys(each.check for each in found.checked))
    results = [
        _result(found, each, finding, rules.index(each.check))
        for each in found.bad
        for finding in each.report.findings
    ]
    run = {
        "tool": {
            "driver": {
                "name": "supasync",
                "version": __version__,
                "informationUri": _HOME,
                "rules": [_rule(check) for check in rules],
            }
        },
        "invocations": [{"executionSuccessful": True, "exitCode": found.exit_code}],
        "columnKind": "unicodeCodePoints",
        "results": results,
    }
    document = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def rule_id(check: str) -> str:
    return check.replace(" ", "-")


def _rule(check: str) -> dict[str, Any]:
    return {"id": rule_id(check), "shortDescription": {"text": check.capitalize()}}


def _result(found: Validation, each: Checked, finding: Finding, rule: int) -> dict[str, Any]:
    text = f"{each.environment}: {finding.message}"
    uri = PurePath(found.config).as_posix()
    return {
        "ruleId": rule_id(each.check),
        "ruleIndex": rule,
        "level": "error" if finding.known else "warning",
        "message": {"text": f"{text}\n{finding.remedy}".rstrip()},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": uri},
                    "region": {"startLine": 1},
                },
                "logicalLocations": [{"name": each.environment, "kind": "module"}],
            }
        ],
        "partialFingerprints": {"finding/v1": fingerprint(each, finding)},
    }


def fingerprint(each: Checked, finding: Finding) -> str:
    """The same for the same finding of another run."""
    parts = (each.environment, each.check, finding.message)
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]
