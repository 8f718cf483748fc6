"""What is said of pip-audit's documents: nothing is called clean that nobody looked at."""

from __future__ import annotations

import importlib.util
import stat
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "scripts" / "audit_dependencies.py"
_spec = importlib.util.spec_from_file_location("audit_dependencies", SCRIPT)
assert _spec is not None
assert _spec.loader is not None
script = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(script)

SKIPPED = {"name": "b", "skip_reason": "Dependency not found on PyPI and could not be audited"}
CLEAN = {"name": "a", "version": "1", "vulns": []}
FLAWED = {
    "name": "jinja2",
    "version": "2.4.1",
    "vulns": [{"id": "PYSEC-2014-8", "fix_versions": ["2.7.2"], "aliases": [], "description": ""}],
}


@pytest.mark.parametrize(
    ("dependencies", "code", "said"),
    [
        ([CLEAN], 0, "packages audited: 1; known vulnerabilities: 0"),
        ([CLEAN, FLAWED], 1, "jinja2 2.4.1: PYSEC-2014-8, mended in 2.7.2"),
        ([CLEAN, SKIPPED], 0, "in no advisory database: 1"),
        ([SKIPPED], 0, "Not audited: no advisory database"),
        ([], 0, "Not audited: no advisory database"),
    ],
)
def test_what_is_said(dependencies: list[dict[str, object]], code: int, said: str) -> None:
    given, lines = script.verdict({"dependencies": dependencies})
    assert given == code
    assert said in "\n".join(lines)


def test_no_network(tmp_path: Path) -> None:
    """pip-audit ends with 1 and a traceback, and writes no document."""
    tool = tmp_path / "pip-audit"
    tool.write_text("#!/bin/sh\necho 'requests.exceptions.ConnectionError' >&2\nexit 1\n")
    tool.chmod(stat.S_IRWXU)
    command = [sys.executable, str(SCRIPT), str(tool)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")
    assert "Not audited: no advisory database" in done.stderr
