"""Two worker processes on one PostgreSQL, one of which is killed."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from supasync.errors import Refused, UsageError
from supasync.service.jobs import durable
from supasync.service.jobs.database import Place
from supasync.service.jobs.port import Request, Trigger
from tests.fix_sandbox import MakeDatabase
from tests.integration.service.conftest import Working, ended, until

Start = Callable[[int], subprocess.Popen[str]]
THEIRS, ALL = 3, 6
WORKER = Path(__file__).with_name("worker_process.py")


@pytest.fixture
def url(make_database: MakeDatabase) -> str:
    return make_database()


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    (tmp_path / "notes.hold").touch()
    return tmp_path / "notes"


@pytest.fixture
def start(url: str, notes: Path) -> Iterator[Start]:
    started: list[subprocess.Popen[str]] = []

    def start(count: int) -> subprocess.Popen[str]:
        command = [sys.executable, str(WORKER), url, "first", str(notes), str(count)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        started.append(process)
        assert process.stdout is not None
        assert process.stdout.readline() == "up\n"
        return process

    yield start
    for process in started:
        with process:
            process.kill()


async def test_the_other_goes_on_and_the_killed_ones_job_ends_under_its_name(
    url: str, notes: Path, start: Start, working: Working
) -> None:
    def noted() -> list[list[str]]:
        return [line.split() for line in notes.read_text().splitlines()] if notes.exists() else []

    first = start(THEIRS)
    await until(lambda: len(noted()) == THEIRS)
    here = Place(file=Path("unused"), name="here", url=url)
    working.go.set()
    async with durable.opened(working, here, debounce=0.1) as jobs:
        for n in range(THEIRS, ALL):  # whichever process takes them
            await jobs.enqueue(f"drift:{n}", Request(branch=f"b{n}", trigger=Trigger.DRIFT))
        first.kill()
        first.wait()
        begun = [line for line in noted() if line[1] == "begins"]
        held = {branch for _, _, branch, _ in begun}
        for n in range(ALL):
            if f"b{n}" not in held:
                assert (await ended(jobs, f"drift:{n}")).succeeded
        assert {job.branch for job in await jobs.open()} == held
        notes.with_suffix(".hold").unlink()
        start(0)
        for branch in held:
            assert (await ended(jobs, f"drift:{branch[1:]}")).succeeded
    again = [line for line in noted() if line[1] == "ends"]
    # by whichever process, under the run's id that was stored before it began
    for _, _, branch, run_id in begun:
        assert [branch, run_id] in [line[2:] for line in again] or (branch, run_id) in working.done
    done_here = [branch for branch, _ in working.done]
    assert sorted(done_here + [line[2] for line in again]) == [f"b{n}" for n in range(ALL)]


async def test_another_takes_over_the_jobs_of_a_machine_that_is_gone(
    url: str, notes: Path, start: Start, working: Working
) -> None:
    def noted() -> list[str]:
        return notes.read_text().split() if notes.exists() else []

    first = start(1)
    await until(noted)
    _, _, branch, run_id = noted()
    here = Place(file=Path("unused"), name="here", url=url)
    working.go.set()
    async with durable.opened(working, here, debounce=0.1) as jobs:
        with pytest.raises(Refused, match=r"first lives: it was there \d+ s ago"):
            durable.take_over(here, "first")
        first.kill()
        first.wait()
        with pytest.raises(Refused, match="lives"):  # nobody can know it yet
            durable.take_over(here, "first")
        with psycopg.connect(url) as store:
            store.execute("update supasync_jobs.machines set seen = seen - 60")
        with pytest.raises(UsageError, match="No job runs on a machine third") as caught:
            durable.take_over(here, "third")
        assert caught.value.remedy == "Jobs run on first."
        assert durable.take_over(here, "first") == [branch]
        assert (await ended(jobs, "drift:0")).succeeded
        with pytest.raises(UsageError, match="No job runs on a machine first"):
            durable.take_over(here, "first")
    assert working.done == [(branch, run_id)], "the same run goes on"


async def test_a_machine_that_stops_in_order_leaves_its_jobs_to_others_at_once(
    url: str, working: Working, tmp_path: Path
) -> None:
    config = tmp_path / "config.toml"
    config.write_text(
        f'[project]\nref = "{"a" * 20}"\n[serve]\ndatabase_url = "{url}"\n[branches.b0]\n'
    )
    place = Place(file=Path("unused"), name="stopped", url=url)
    async with durable.opened(working, place, debounce=0.1) as jobs:
        await jobs.enqueue("drift:0", Request(branch="b0", trigger=Trigger.DRIFT))
        await until(lambda: working.begun)
    command = [sys.executable, "-m", "supasync", "jobs", "take-over", "stopped", "--config"]
    done = await asyncio.create_subprocess_exec(*command, config, stdout=subprocess.PIPE)
    told, _ = await done.communicate()
    assert told.decode() == "Jobs of stopped that wait for another machine: b0\n"


def test_jobs_in_a_file_are_nobody_elses(tmp_path: Path) -> None:
    place = Place(file=tmp_path / "jobs.sqlite", name="one")
    with pytest.raises(UsageError, match="file of this machine's own"):
        durable.take_over(place, "other")
