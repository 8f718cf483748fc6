"""Other tools that compare two schemas, and this one, held to the same cases on the same server.

Fidelity: a database as `a.sql` of a case of tests/corpus made it is brought to what `b.sql` makes,
and `pg_dump --schema-only` of both is compared. Speed: how long the plan takes for a schema of N
tables from an empty database, and where nothing differs. Peers are installed from npm and PyPI
with pinned versions; one that cannot be is named with the reason.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import platform
import re
import statistics
import subprocess
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import bench
import bench_peers_tools as tools
from bench_peers_page import (
    REFUSED,
    Findings,
    Speed,
    Verdict,
    judged,
    measured,
    normal,
    page,
    reason,
)
from bench_peers_tools import Tool

import supasync
from supasync.sandbox import binaries, golden
from supasync.sandbox.home import Home
from supasync.sandbox.postgres import Cluster

ROOT = Path(__file__).parents[1]
CORPUS = ROOT / "tests" / "corpus"
PAGE = ROOT / "docs" / "evidence" / "comparison.md"
LATER = re.compile(r"-- needs: (\d+)\n")


@dataclass
class Range:
    """Where the tools are run: a server, the folder of their programs and one for plans."""

    server: Cluster
    peers: Path
    scratch: Path
    making = threading.Lock()
    """Databases are made one at a time: their template may have no other user."""

    def database(self, name: str, sql: str = "", *, template: str | None = None) -> None:
        with self.making:
            self.server.drop_database(name)
            self.server.create_database(name, template=template)
            if sql:
                self.server.execute(sql, database=name)

    def names(self, tool: Tool, have: str, want: str) -> dict[str, object]:
        own = self.scratch / f"{have}_{want}"
        own.mkdir(exist_ok=True)
        return {
            "have": self.server.dsn(have),
            "want": self.server.dsn(want),
            "out": own / "plan",
            "bin": tools.programs(tool, self.peers),
            "pg": self.server.binaries.folder,
        }

    def dump(self, name: str) -> str:
        command = [self.server.binaries.tool("pg_dump"), "--schema-only", self.server.dsn(name)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        return normal(done.stdout, loop="could not resolve dependency loop" in done.stderr)

    def plan(self, tool: Tool, have: str, want: str) -> str:
        """Why there is no plan, or nothing."""
        names = self.names(tool, have, want)
        out = Path(str(names["out"]))
        out.unlink(missing_ok=True)
        done = tools.run(tool.plan, names, printed=out if tool.prints else None)
        if done.code not in tool.planned:
            return f"no plan: {reason(done.said)}"
        out.touch()  # some write no file where there is nothing to do
        return ""

    def bring(self, tool: Tool, have: str, want: str, expected: str) -> tuple[str, str]:
        """The outcome of making database `have` what `want` is, and why."""
        if why := self.plan(tool, have, want):
            return REFUSED, why
        done = tools.run(tool.apply, self.names(tool, have, want))
        if done.code != 0:
            return REFUSED, f"not applied: {reason(done.said)}"
        return judged(expected, self.dump(have))


def cases(every: int, major: int) -> list[Path]:
    """Every n-th case that this major can run."""
    folders = sorted(CORPUS.iterdir())[::every]
    return [folder for folder in folders if _needs(folder) <= major]


def _needs(folder: Path) -> int:
    first = (LATER.match((folder / f"{end}.sql").read_text()) for end in "ab")
    return max(int(line[1]) if line else 0 for line in first)


def fidelity(place: Range, found: Sequence[Tool], every: int) -> list[Verdict]:
    chosen = cases(every, place.server.binaries.major)

    def one(numbered: tuple[int, Path]) -> list[Verdict]:
        number, case = numbered
        a, b = f"a_{number}", f"b_{number}"
        place.database(a, (case / "a.sql").read_text())
        place.database(b, (case / "b.sql").read_text())
        expected = place.dump(b)
        verdicts = []
        for tool in found:
            have = f"have_{number}"
            place.database(have, template=None if tool.anew else a)
            verdicts.append(Verdict(case.name, tool.name, *place.bring(tool, have, b, expected)))
        for name in (a, b, have):
            place.server.drop_database(name)
        print(f"{case.name} ({number} of {len(chosen)})", file=sys.stderr)
        return verdicts

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return [verdict for some in pool.map(one, enumerate(chosen, 1)) for verdict in some]


def speed(place: Range, found: Sequence[Tool], tables: int, rounds: int) -> list[Speed]:
    """Rounds interleave all tools, so that a slow moment hits all of them."""
    found = [tool for tool in found if tool.timed]
    place.database("speed_full")
    for statements in bench.schema(tables):
        place.server.execute(statements, database="speed_full")
    place.server.execute("vacuum analyze", database="speed_full")
    place.database("speed_same", template="speed_full")
    expected = place.dump("speed_full")
    for number in range(len(found)):
        place.database(f"speed_{number}")
    seconds: dict[tuple[str, str], list[float]] = defaultdict(list)
    for turn in range(rounds):
        for number, tool in enumerate(found):
            for have in (f"speed_{number}", "speed_same"):
                if (took := _planning(place, tool, have)) is not None:
                    seconds[tool.name, have].append(took)
        print(f"round {turn + 1} of {rounds}", file=sys.stderr)
    result = []
    for number, tool in enumerate(found):
        empty, same = seconds[tool.name, f"speed_{number}"], seconds[tool.name, "speed_same"]
        outcome, why = place.bring(tool, f"speed_{number}", "speed_full", expected)
        built = f"{outcome}: {why}" if why else outcome
        result.append(Speed(tool.name, _middle(empty), _middle(same), built))
    return result


def _planning(place: Range, tool: Tool, have: str) -> float | None:
    """Seconds; None when there is no plan."""
    start = time.perf_counter()
    if place.plan(tool, have, "speed_full"):
        return None
    if tool.anew and have == "speed_same":  # that nothing differs is seen in a second dump
        place.dump(have)
    return time.perf_counter() - start


def _middle(values: Sequence[float]) -> float | None:
    return statistics.median(values) if values else None


def find(options: argparse.Namespace, command: str) -> Findings:
    load = os.getloadavg()[0]
    failed = tools.install(tools.TOOLS, options.folder)
    found = [tool for tool in tools.TOOLS if tool.name not in failed]
    with ExitStack() as stack:
        home = stack.enter_context(Home.new())
        folder = home.path / "peers"
        folder.mkdir(mode=0o755)
        server = golden.clone(folder, binaries.find(), settings=bench.SETTINGS)
        server.start()
        stack.callback(server.stop, quick=True)
        server.execute(bench.ROLES)
        scratch = Path(stack.enter_context(TemporaryDirectory()))
        place = Range(server, options.folder.resolve(), scratch)
        speeds = speed(place, found, options.tables, options.rounds)
        verdicts = fidelity(place, found, options.every)
        version = server.binaries.version
    return Findings(
        date=dt.datetime.now(dt.UTC).date().isoformat(),
        machine=_machine(version),
        load=(load, os.getloadavg()[0]),
        command=command,
        tables=options.tables,
        rounds=options.rounds,
        every=options.every,
        cases=len(list(CORPUS.iterdir())),
        tools={tool.name: tools.version(tool, supasync.__version__, version) for tool in found},
        notes={tool.name: tool.note for tool in found},
        missing={**failed, **tools.NOT_MEASURED},
        verdicts=verdicts,
        speeds=speeds,
    )


def _machine(server: str) -> dict[str, str]:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    node = subprocess.run(["node", "--version"], capture_output=True, text=True, check=False)
    return {
        "cores": str(os.cpu_count()),
        "memory": f"{memory:.0f} GB",
        "system": f"{platform.system()} {platform.machine()}",
        "PostgreSQL": server,
        "Python": platform.python_version(),
        "Node": node.stdout.strip() or "none",
    }


def main() -> None:
    parser = argparse.ArgumentParser(prog="scripts/bench peers", description=__doc__)
    parser.add_argument("--every", type=int, default=20, help="each N-th case of tests/corpus")
    parser.add_argument("--tables", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--page", action="store_true", help=f"write {PAGE.relative_to(ROOT)}")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--folder", type=Path, default=ROOT / ".peers", help="for the peers")
    options = parser.parse_args()
    shown = [word for word in sys.argv[1:] if word != "--json"]
    found = find(options, " ".join(["scripts/bench peers", *shown]))
    if options.page:
        PAGE.write_text(page(PAGE.read_text(), found))
    if options.json:
        print(json.dumps(found.document()))
    elif not options.page:
        print(measured(found))


if __name__ == "__main__":
    main()
