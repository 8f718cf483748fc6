"""A module imports from its own folder and from layers below; the contract is in pyproject.toml."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def test_import_contracts_hold() -> None:
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports")],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_one_file_knows_the_library_for_traces() -> None:
    code = Path(__file__).parents[2] / "supasync"
    imports = ("import opentelemetry", "from opentelemetry")
    known = {
        file
        for file in code.rglob("*.py")
        if any(line.lstrip().startswith(imports) for line in file.read_text().splitlines())
    }
    assert known == {code / "telemetry" / "export.py"}
