"""The matrix as a page: docs/evidence/fault-matrix.md."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from supasync import __version__
from tests.faults.case import Case
from tests.faults.matrix import ALL
from tests.faults.steps import STEPS

FAILED = "FAILED"

HEAD = """\
# The fault matrix

Every step of a sync × everything that can happen to it, as `scripts/fault-matrix` finds it with
version {version}: {count} of {every} combinations, {failed} failed.

Each is a real sync over HTTP, with real PostgreSQL servers, on the sandbox's platform. A proxy
before it does the harm to the one request that the step sends or, *for good*, to that request and
all after it. The sync has a seed to run, test users to log in and, but for the steps of the Auth
API, a schema to change; where the step is about that it creates these users, asks the witness, or
has a plan that one call cannot carry.

After each:

- `pg_dump --schema-only` of the branch is what it was before, or what production's is;
- the journal on the branch has the change and the seed exactly if they happened, and neither
  happened twice; a schema is kept for an undo exactly if it was changed;
- what the run told, and the history has, is so: `Synced` is said of nothing else, what was changed
  is said to be, and there is no crash, password or token in it;
- the lease was given back or, where the process was killed or nothing came through any more, the
  next sync says who has it and until when, and it ends by itself;
- the next sync, without help, ends with code 0: the schema is production's, each test user is there
  once and can log in, nobody has the lease.

| cell | the sync to which it happened |
|---|---|
| ✓ | ended in sync all the same, with code 0 |
| before 3, after 3 | left the schema as it was before, or as it is to be; with its exit code |
| killed | did not live to tell; the schema is as said |
| empty | was not run |

"""

NOTES = """
*done*: the platform carried the request out, and something in between answered otherwise.
*cut at 60 s*: the platform answers that it took too long, and goes on. *arrives later*: it gets
the request when the sync has given it up. *broken off*: the connection ends in the
middle of the answer. *its clock*: the branch's server's.
*full disk*: of the folder in which supasync keeps its state.
"""


def document(outcomes: Mapping[str, str]) -> str:
    failed = Counter(each.startswith(FAILED) for each in outcomes.values())[True]
    lines = [HEAD.format(version=__version__, count=len(outcomes), every=len(ALL), failed=failed)]
    lines += [f"{number}. {step}" for number, step in enumerate(STEPS, 1)]
    lines += ["", "| | " + " | ".join(str(n) for n in range(1, len(STEPS) + 1)) + " |"]
    lines += ["|---" * (len(STEPS) + 1) + "|"]
    rows: dict[str, dict[str, str]] = {}
    for case in ALL:
        rows.setdefault(_row(case), {})[case.step] = outcomes.get(str(case), "")
    for name, cells in rows.items():
        lines.append(f"| {name} | " + " | ".join(_cell(cells[step]) for step in STEPS) + " |")
    return "\n".join(lines) + "\n" + NOTES


def _row(case: Case) -> str:
    return str(case).partition(": ")[2]


def _cell(outcome: str) -> str:
    if outcome == "synced":
        return "✓"
    return FAILED if outcome.startswith(FAILED) else outcome.replace(", ", " ")
