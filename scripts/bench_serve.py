"""`supasync serve` under load: speed of its answers, pushes through kill -9, memory and idle CPU.

A sandbox with many branches and the service are started as processes of their own, on one machine.
Three rounds:

idle     nobody does anything; memory (PSS), processor time and requests to the platform, which are
         read again at the end. Linux only.
steady   deliveries at a given rate, each on a connection of its own as senders do; how long their
         answers take
storm    bursts from several processes while the service is killed at random and started again. Who
         got no answer delivers again, as a person at the sender would. A delivery that was answered
         is lost unless its job ended by a sync of its branch that began after it and whose end is
         in the history. At the end each branch must be as production.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import hmac
import json
import os
import random
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx
import psycopg
from bench_sandbox import Box, running

SECRET = "a secret of this benchmark alone"
PATIENCE_SECONDS = 600.0
ANSWERED_MS = 100.0
"""Within which 99 of 100 deliveries are to be answered."""

CONFIG = """
[project]
ref = "{ref}"
[watch]
interval = 60
[history]
keep_runs = 100000
[serve]
port = {port}
api_rate = 100000
webhook_rate = 100000
[webhooks.github]
repository = "acme/app"
secret = "{secret}"
"""


@dataclass(frozen=True)
class Answered:
    """seconds: of the answer. sent: when it was first tried, since the epoch."""

    job: str
    seconds: float
    sent: float


@dataclass(frozen=True)
class Sync:
    """One try of a run, as the history has it. started: since the epoch. code: None without end."""

    run: str
    branch: str
    started: float
    code: int | None


class Service:
    """A `supasync serve`, to be killed and started again."""

    def __init__(self, box: Box, folder: Path, port: int) -> None:
        self.folder, self.port, self.url = folder, port, f"http://127.0.0.1:{port}"
        self._http = httpx.Client(timeout=60)
        self._env = {
            **os.environ,
            "SUPABASE_ACCESS_TOKEN": box.info["access_token"],
            "SUPASYNC_API_URL": box.info["api_url"],
            "SUPASYNC_PROJECT_URL": box.info["api_url"] + "/project/{ref}",
        }
        self.start()

    def start(self) -> None:
        log = (self.folder / "serve.log").open("ab")
        command = [sys.executable, "-m", "supasync", "serve"]
        self.process = subprocess.Popen(
            command, cwd=self.folder, env=self._env, stdout=log, stderr=log
        )
        until(lambda: self._up() or self.process.poll() is not None)
        if self.process.poll() is not None:
            raise SystemExit((self.folder / "serve.log").read_text())

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def get(self, path: str) -> Any:
        return self._answer(path).json()

    def calls(self) -> float:
        """Requests to the platform since the start."""
        lines = self._answer("/metrics").text.splitlines()
        counted = (line for line in lines if line.startswith("supasync_api_requests_total{"))
        return sum(float(line.rpartition(" ")[2]) for line in counted)

    def ended(self, job: str) -> Any:
        """The job, once it neither waits nor runs."""
        found: dict[str, Any] = {}

        def is_over() -> bool:
            found.update(self.get(f"/api/jobs/{job}"))
            return found["status"] not in {"waiting", "running"}

        until(is_over)
        return found

    def is_quiet(self) -> bool:
        """All branches are in sync, and there is no job."""
        branches = self.get("/api/branches")["branches"]
        return all(each["sync_status"] == "Synced" and not each["jobs"] for each in branches)

    def command(self, *words: str) -> int:
        command = [sys.executable, "-m", "supasync", *words]
        silent = subprocess.DEVNULL
        return subprocess.call(command, cwd=self.folder, env=self._env, stdout=silent)

    def _answer(self, path: str) -> httpx.Response:
        token = (self.folder / ".supasync/serve-token").read_text().strip()
        headers = {"authorization": f"Bearer {token}"}
        return self._http.get(self.url + path, headers=headers).raise_for_status()

    def _up(self) -> bool:
        try:
            return self._http.get(f"{self.url}/healthz").status_code == 200
        except httpx.TransportError:
            return False


def until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        if time.monotonic() > end:
            raise SystemExit("it takes too long")
        time.sleep(0.1)


def request(port: int, branch: str, number: str) -> bytes:
    repository = {"full_name": "acme/app"}
    push = {"ref": f"refs/heads/{branch}", "deleted": False, "repository": repository}
    body = json.dumps(push).encode()
    signature = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
    head = (
        f"POST /webhooks/github HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\n"
        "content-type: application/json\r\nx-github-event: push\r\n"
        f"x-github-delivery: {number}\r\nx-hub-signature-256: sha256={signature}\r\n"
        f"content-length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def deliver(port: int, branch: str, number: str) -> Answered:
    """Again and again until it is answered."""
    sent, pause = time.time(), 0.5
    while True:
        began = time.perf_counter()
        try:
            async with asyncio.timeout(30):
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
                writer.write(request(port, branch, number))
                head, _, body = (await reader.read()).partition(b"\r\n\r\n")
                writer.close()
            if head.startswith(b"HTTP/1.1 202"):
                seconds = time.perf_counter() - began
                return Answered(json.loads(body)["job"], seconds, sent)
        except (OSError, TimeoutError, ValueError):  # ValueError: killed within its answer
            pass
        await asyncio.sleep(pause)
        pause = min(2 * pause, 8.0)


def steady(
    port: int, branches: Sequence[str], rate: float, count: int, name: str
) -> list[Answered]:
    """One process' part."""

    async def send() -> list[Answered]:
        began, sent = time.perf_counter(), []
        for n in range(count):
            await asyncio.sleep(max(0.0, began + n / rate - time.perf_counter()))
            sent.append(
                asyncio.create_task(deliver(port, branches[n % len(branches)], f"{name}-{n}"))
            )
        return await asyncio.gather(*sent)

    return asyncio.run(send())


def bursts(port: int, branches: Sequence[str], count: int, name: str) -> list[Answered]:
    """One process' part: from 1 to 100 at once, to branches at random, and a little pause."""

    async def send() -> list[Answered]:
        chance, found = random.Random(name), list[Answered]()
        while len(found) < count:
            size = min(chance.randint(1, 100), count - len(found))
            numbers = [f"{name}-{len(found) + n}" for n in range(size)]
            found += await asyncio.gather(
                *(deliver(port, chance.choice(branches), number) for number in numbers)
            )
            await asyncio.sleep(chance.uniform(0, 0.5))
        return found

    return asyncio.run(send())


def storm(service: Service, box: Box, branches: Sequence[str], options: Any) -> dict[str, Any]:
    each = options.deliveries // options.processes
    chance, kills, changes = random.Random(options.seed), 0, 0
    with ProcessPoolExecutor(options.processes) as pool:
        senders = [
            pool.submit(bursts, service.port, branches, each, f"s{n}")
            for n in range(options.processes)
        ]
        while kills < options.kills or not all(sender.done() for sender in senders):
            time.sleep(chance.uniform(2, 20))
            changes += 1
            change(box, changes)
            if kills < options.kills:
                service.kill()
                service.start()
                kills += 1
        answered = [one for sender in senders for one in sender.result()]
        change(box, changes + 1)
        last = pool.submit(steady, service.port, branches, 50.0, len(branches), "last")
        answered += last.result()
    jobs = {one.job: service.ended(one.job) for one in answered}
    syncs = history(service.folder)
    lost = [one for one in answered if not is_kept(one, jobs[one.job], syncs)]
    failed = [one for one in answered if not is_good(jobs[one.job])]
    for word, found in (("lost", lost), ("failed", failed)):
        for one in found[:10]:
            print(f"{word}: {one} {jobs[one.job]}", file=sys.stderr)
    return {
        "answered": len(answered),
        "kills": kills,
        "changes of production": changes + 1,
        "syncs": len({job["result"]["run"] for job in jobs.values() if job["result"]}),
        "lost": len(lost),
        "whose sync failed": len(failed),
        "all branches in sync": service.command("branches", "status") == 0,
    }


def is_kept(one: Answered, job: dict[str, Any], syncs: Sequence[Sync]) -> bool:
    """Its job has ended, by a sync of its branch that began later than the push came and is in the
    history with the same end."""
    result = job["result"]
    return result is not None and any(
        (sync.run, sync.branch, sync.code) == (result["run"], job["branch"], result["code"])
        and sync.started >= one.sent
        for sync in syncs
    )


def is_good(job: dict[str, Any]) -> bool:
    return job["result"] is not None and job["result"]["code"] == 0


def history(folder: Path) -> list[Sync]:
    query = (
        "select r.id, b.branch, b.started, b.code"
        " from runs r join branch_runs b on b.run = r.number"
    )
    with closing(sqlite3.connect(folder / ".supasync/history.sqlite")) as store:
        return [Sync(*row) for row in store.execute(query)]


def change(box: Box, number: int) -> None:
    with psycopg.connect(box.info["db_url"], autocommit=True) as main:
        main.execute(f"create table public.change_{number} (id int primary key)".encode())


def idle(service: Service, seconds: float) -> dict[str, float]:
    process = service.process

    def used() -> float:
        fields = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    began, before, calls = time.monotonic(), used(), service.calls()
    time.sleep(seconds)
    spent, minutes = used() - before, (time.monotonic() - began) / 60
    asked = (service.calls() - calls) / minutes
    lines = Path(f"/proc/{process.pid}/smaps_rollup").read_text().splitlines()
    [pss] = [int(line.split()[1]) for line in lines if line.startswith("Pss:")]
    return {
        "memory, MB": pss / 1024,
        "CPU, % of one core": spent / minutes / 60 * 100,
        "requests to the platform a minute": asked,
    }


@contextmanager
def serving(box: Box, folder: Path, branches: Sequence[str]) -> Iterator[Service]:
    port = free_port()
    text = CONFIG.format(ref=box.info["project_ref"], port=port, secret=SECRET)
    sections = "".join(f'[branches."{name}"]\n' for name in branches)
    (folder / "config.toml").write_text(text + sections)
    service = Service(box, folder, port)
    try:
        yield service
    finally:
        service.process.send_signal(signal.SIGTERM)
        service.process.wait(30)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def answers(port: int, branches: Sequence[str], options: Any) -> dict[str, float]:
    rate = options.rate / options.processes
    part = int(rate * options.seconds)
    with ProcessPoolExecutor(options.processes) as pool:
        sent = [
            pool.submit(steady, port, branches, rate, part, f"p{n}")
            for n in range(options.processes)
        ]
        times = sorted(one.seconds * 1000 for each in sent for one in each.result())
    return {
        "deliveries": len(times),
        "p50, ms": times[len(times) // 2],
        "p99, ms": times[int(len(times) * 0.99)],
        "max, ms": times[-1],
    }


def told(name: str, found: dict[str, Any]) -> dict[str, Any]:
    print(f"{name}: {found}", file=sys.stderr, flush=True)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(prog="scripts/bench serve", description=__doc__)
    parser.add_argument("--branches", type=int, default=50)
    parser.add_argument("--rate", type=float, default=200.0, help="of the steady round")
    parser.add_argument("--seconds", type=float, default=30.0, help="of the steady round")
    parser.add_argument("--idle", type=float, default=120.0, help="seconds of an idle round")
    parser.add_argument("--deliveries", type=int, default=10_000, help="of the storm")
    parser.add_argument("--processes", type=int, default=4)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    names = [f"b{n}" for n in range(options.branches)]
    more = [word for name in names for word in ("--branch", name)]
    found: dict[str, Any] = {"load before": round(os.getloadavg()[0], 2)}
    with (
        TemporaryDirectory() as data,
        TemporaryDirectory() as folder,
        running(data, *more) as box,
        serving(box, Path(folder), names) as service,
    ):
        until(service.is_quiet)
        found["idle"] = told("idle", idle(service, options.idle))
        found["steady"] = told("steady", answers(service.port, names, options))
        until(service.is_quiet)
        found["storm"] = told("storm", storm(service, box, names, options))
        found["after it"] = told("after it", idle(service, options.idle))
    found["load after"] = round(os.getloadavg()[0], 2)
    print(json.dumps(found, indent=1))
    kept = found["storm"]["lost"] == 0 and found["storm"]["all branches in sync"]
    sys.exit(not kept or found["steady"]["p99, ms"] > ANSWERED_MS)


if __name__ == "__main__":
    main()
