"""A validation as a GitLab Code Quality report (docs.gitlab.com, "Code Quality report format")."""

from __future__ import annotations

import json
from pathlib import PurePath

from supasync.events import Validation
from supasync.report.sarif import fingerprint, rule_id


def render(found: Validation) -> str:
    path = PurePath(found.config).as_posix()
    issues = [
        {
            "description": f"{each.environment}: {finding.message} {finding.remedy}".rstrip(),
            "check_name": rule_id(each.check),
            "fingerprint": fingerprint(each, finding),
            "severity": "critical" if finding.known else "major",
            "location": {"path": path, "lines": {"begin": 1}},
        }
        for each in found.bad
        for finding in each.report.findings
    ]
    return json.dumps(issues, indent=2, ensure_ascii=False) + "\n"
