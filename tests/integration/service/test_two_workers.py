"""Two worker processes on one PostgreSQL, one of which is killed."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

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
