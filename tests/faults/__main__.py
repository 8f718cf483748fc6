"""Runs the whole matrix and writes it down: `python -m tests.faults docs/evidence/fault-matrix.md`.

Two processes, each with a project of its own, share the cases. `--only WORD` runs those whose name
has the word, and writes nothing.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.faults.case import Case, carry_out
from tests.faults.matrix import ALL
from tests.faults.opening import opened
from tests.faults.written import FAILED, document

PROCESSES = 2


def main(arguments: Sequence[str]) -> int:
    match arguments:
        case ["--part", part]:
            return _part(ALL[int(part) :: PROCESSES])
        case ["--only", word]:
            return _part([case for case in ALL if word in str(case)])
        case [file]:
            return _whole(Path(file))
        case _:
            print(__doc__, file=sys.stderr)
            return 2


def _part(cases: Sequence[Case]) -> int:
    """Prints one line of JSON for each case: its name and its outcome."""
    failed = False
    with tempfile.TemporaryDirectory() as folder, opened(Path(folder)) as team:
        for case in cases:
            try:
                outcome = carry_out(team, case)
            except AssertionError as error:
                failed, outcome = True, f"{FAILED}: {error}"
            print(json.dumps([str(case), outcome]), flush=True)
    return int(failed)


def _whole(file: Path) -> int:
    outcomes: dict[str, str] = {}
    with ThreadPoolExecutor(PROCESSES) as pool:
        for found in pool.map(lambda part: list(_outcomes(part)), range(PROCESSES)):
            outcomes.update(found)
    file.write_text(document(outcomes), encoding="utf-8")
    failed = [f"{name}: {each}" for name, each in outcomes.items() if each.startswith(FAILED)]
    missing = [str(case) for case in ALL if str(case) not in outcomes]
    print("\n".join(failed + missing), file=sys.stderr)
    print(f"{len(ALL)} combinations, {len(failed)} failed, {len(missing)} without an outcome")
    return int(bool(failed or missing))


def _outcomes(part: int) -> Iterator[tuple[str, str]]:
    command = [sys.executable, "-m", "tests.faults", "--part", str(part)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            print(line, end="", file=sys.stderr)
            name, outcome = json.loads(line)
            yield name, outcome


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
