"""How long `supasync validate` takes on the sandbox: production and two branches of N tables each.

The whole command is measured, interpreter and imports included: with everything read anew
(`--hard`), and with what the run before remembered.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

import psycopg

from supasync.sandbox import Sandbox
from supasync.sandbox.site import Options

CONFIG = """\
[project]
ref = "env(SUPABASE_PROJECT_REF)"
[branches.testing]
[branches.preview]
[seed]
paths = ["seed.sql"]
[[test_users]]
email = "admin@example.test"
role = "admin"
password = "a public example"
[[test_users]]
email = "crew@example.test"
role = "crew"
login = "magic_link"
[validation]
essential_tables = ["app.item_0", {table = "app.item_1", columns = ["id", "title", "state"]}]
"""
SEED = """\
insert into app.item_0 (tenant, title) select 1, 'item ' || n from generate_series(1, 500) n
on conflict (tenant, title) do update set amount = excluded.amount;
insert into app.item_1 (tenant, title, parent) select 1, 'item ' || n, 1
from generate_series(1, 50) n
on conflict (tenant, title) do update set amount = excluded.amount;
"""


def run(schema: Iterable[str], *, tables: int, rounds: int, as_json: bool) -> None:
    """schema: the DDL of production's tables."""
    box = Sandbox(Options(example=False, delay=0))
    try:
        with psycopg.connect(box.main.db_url, autocommit=True) as connection:
            for statements in schema:
                connection.execute(statements.encode())
        with tempfile.TemporaryDirectory() as name:
            times = _measure(box, Path(name), rounds)
    finally:
        box.close()
    _report(times, tables, as_json)


def _measure(box: Sandbox, folder: Path, rounds: int) -> dict[str, list[float]]:
    (folder / "config.toml").write_text(CONFIG)
    (folder / "seed.sql").write_text(SEED)
    env = {name: value for name, value in os.environ.items() if not name.startswith("SUPA")} | {
        "SUPABASE_ACCESS_TOKEN": box.access_token,
        "SUPABASE_PROJECT_REF": box.main.ref,
        "SUPASYNC_API_URL": box.api_url,
        "SUPASYNC_PROJECT_URL": box.project_url("{ref}"),
    }

    def supasync(*words: str) -> float:
        start = time.perf_counter()
        command = [sys.executable, "-m", "supasync", *words]
        done = subprocess.run(
            command, cwd=folder, env=env, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return time.perf_counter() - start

    supasync("branches", "sync", "--prune")
    measured = {
        "supasync validate --hard": ("validate", "--hard"),
        "supasync validate": ("validate",),
        "supasync validate --hard --no-witness": ("validate", "--hard", "--no-witness"),
    }
    times: dict[str, list[float]] = {name: [] for name in ("one pg_dump", *measured)}
    for number in range(rounds + 1):
        seconds = [_dump(box), *(supasync(*words) for words in measured.values())]
        if number:  # the first round warms caches
            for name, each in zip(times, seconds, strict=True):
                times[name].append(each)
        print(f"round {number} of {rounds}", file=sys.stderr)
    return times


def _dump(box: Sandbox) -> float:
    """Of production: what the machine is worth at this moment."""
    start = time.perf_counter()
    tool = box.main.binaries.tool("pg_dump")
    command = [tool, "--schema-only", "--dbname", box.main.cluster.dsn("postgres")]
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - start


def _report(times: dict[str, list[float]], tables: int, as_json: bool) -> None:
    load = os.getloadavg()[0]
    if as_json:
        middle = {name: statistics.median(seconds) for name, seconds in times.items()}
        print(json.dumps({"tables": tables, "load": load, "median": middle}))
        return
    print(f"production and 2 branches, {tables} tables each; medians; load {load:.1f}")
    for name, seconds in times.items():
        spread = f"{min(seconds):.1f}–{max(seconds):.1f}"
        print(f"{name:38} {statistics.median(seconds):5.1f} s  ({spread})")
