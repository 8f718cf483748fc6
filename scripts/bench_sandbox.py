"""Memory and speed of a sandbox with many branches.

`supasync sandbox up` is started in a process of its own. Its branches are created by the API, one
after the other, each timed from the request to FUNCTIONS_DEPLOYED. Then all are left alone for a
moment, and the memory of every process is read: PSS, where what processes share is divided by how
many share it. Linux only.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import statistics
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx

IDLE_SECONDS = 3.0
COMMAND = [sys.executable, "-m", "supasync", "sandbox", "up", "--json", "--branch", "first"]


class Box:
    """info: what `sandbox up --json` prints."""

    def __init__(self, child: subprocess.Popen[str], info: Mapping[str, Any]) -> None:
        self.child, self.info = child, info
        token = {"authorization": f"Bearer {info['access_token']}"}
        self.http = httpx.Client(base_url=info["api_url"], headers=token, timeout=60)

    def create(self, name: str) -> float:
        """Seconds until it is built."""
        branches = f"/v1/projects/{self.info['project_ref']}/branches"
        start = time.perf_counter()
        self.http.post(branches, json={"branch_name": name}).raise_for_status()
        while (status := self._status(f"{branches}/{name}")) != "FUNCTIONS_DEPLOYED":
            if status == "MIGRATIONS_FAILED":
                raise SystemExit(f"{name}: {status}")
            time.sleep(0.01)
        return time.perf_counter() - start

    def _status(self, url: str) -> str:
        while (answer := self.http.get(url)).status_code == 429:
            # the rate limit is what it is; time is ours
            steer = {"authorization": f"Bearer {self.info['steering_token']}"}
            url_of_clock = f"{self.info['steering_url']}/clock"
            httpx.post(url_of_clock, json={"advance": 60}, headers=steer).raise_for_status()
        return str(answer.json()["status"])


@contextmanager
def running(folder: str, *options: str) -> Iterator[Box]:
    command = [*COMMAND, "--data-dir", folder, *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        try:
            yield Box(child, json.loads(child.stdout.readline()))
        finally:
            child.send_signal(signal.SIGTERM)


def memory(box: Box) -> tuple[list[int], int]:
    """kB: of each server with its processes, and of the sandbox's own process."""
    children: dict[int, list[int]] = defaultdict(list)
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it is gone
        children[int(fields[1])].append(int(stat.parent.name))
    servers = [sum(map(_pss, _with_children(pid, children))) for pid in children[box.child.pid]]
    return servers, _pss(box.child.pid)


def _with_children(pid: int, children: Mapping[int, list[int]]) -> list[int]:
    return [pid, *(found for each in children[pid] for found in _with_children(each, children))]


def _pss(pid: int) -> int:
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1])
    return 0


def main() -> None:
    parser = argparse.ArgumentParser(prog="scripts/bench sandbox", description=__doc__)
    parser.add_argument("--branches", type=int, default=20)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    load = os.getloadavg()[0]
    with TemporaryDirectory() as folder:
        with running(folder) as box:
            times = [box.create(f"branch-{n}") for n in range(1, options.branches)]
            time.sleep(IDLE_SECONDS)
            servers, own = memory(box)
            stopping = time.perf_counter()
        stopped = time.perf_counter() - stopping
        with running(folder) as box:  # everything of before is started again
            started = time.perf_counter() - stopping - stopped
    share = own / (options.branches + 1)
    found = {
        "branches": options.branches,
        "load before": round(load, 2),
        "load after": round(os.getloadavg()[0], 2),
        "new branch, seconds": {"median": statistics.median(times), "max": max(times)},
        "server, MB": {"median": statistics.median(servers) / 1024, "max": max(servers) / 1024},
        "sandbox itself, MB": own / 1024,
        "a branch with its share, MB": (max(servers) + share) / 1024,
        "start with all branches, seconds": started,
        "stop, seconds": stopped,
    }
    print(json.dumps(found) if options.json else _table(found))


def _table(found: Mapping[str, Any]) -> str:
    def cell(value: Any) -> str:
        if isinstance(value, dict):
            return ", ".join(f"{name} {cell(each)}" for name, each in value.items())
        return f"{value:.2f}" if isinstance(value, float) else str(value)

    return "\n".join(f"{name:34} {cell(value)}" for name, value in found.items())


if __name__ == "__main__":
    main()
