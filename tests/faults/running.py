"""A command's run, here or in a process that can be killed; waiting takes no time."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.sharedctypes import Synchronized
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from supasync import api, config, history
from supasync.events import Summary
from supasync.settings import Settings
from supasync.sync import pipeline
from supasync.sync.asked import allowed, engine
from supasync.sync.context import Options, Run
from supasync.sync.job import SYNC, Job
from supasync.sync.record import FileStore
from supasync.sync.recorded import begun
from tests import preloaded

BRANCH = "testing"


class Clock:
    """ports.Clock that does not wait."""

    def __init__(self) -> None:
        self.skipped = 0.0

    def now(self) -> float:
        return time.time() + self.skipped

    def monotonic(self) -> float:
        return time.monotonic() + self.skipped

    async def sleep(self, seconds: float) -> None:
        self.skipped += seconds
        await asyncio.sleep(0)


@dataclass(frozen=True, kw_only=True)
class Machine:
    """Where the command is typed. env: what it is told by the environment; state: its folder."""

    folder: Path
    env: Mapping[str, str] = field(repr=False)
    state: Path

    def run(self, job: Job = SYNC, options: Options | None = None) -> Told:
        return asyncio.run(_run(self, job, options or Options()))

    def start(self, job: Job = SYNC, options: Options | None = None) -> Process:
        return Process(self, job, options)


class Process:
    """A sync in a process of its own. ahead: seconds that somebody has set its clock ahead by."""

    def __init__(self, machine: Machine, job: Job, options: Options | None) -> None:
        context = preloaded.context()
        self.ahead = context.Value("d", 0.0)
        self._answer, theirs = context.Pipe(duplex=False)
        self._child = context.Process(
            target=_apart, args=(machine, job, options, theirs, self.ahead)
        )
        self._child.start()
        theirs.close()

    @property
    def pid(self) -> int:
        assert self._child.pid is not None
        return self._child.pid

    def wait(self) -> Told | None:
        """None when it was killed."""
        try:
            told: Told = self._answer.recv()
        except EOFError:
            return None
        finally:
            self._child.join()
            self._answer.close()
        return told


def _apart(
    machine: Machine,
    job: Job,
    options: Options | None,
    answer: Connection,
    ahead: Synchronized[float],
) -> None:
    real = time.time
    time.time = lambda: real() + ahead.value
    answer.send(machine.run(job, options))


@dataclass(frozen=True, kw_only=True)
class Told:
    """code: the exit code. document: what the history is to keep. kept: whether it could be."""

    code: int
    document: Mapping[str, Any]
    kept: bool

    @property
    def run_id(self) -> str:
        return str(self.document["run"]["id"])

    @property
    def branch(self) -> Mapping[str, Any]:
        [found] = self.document["branches"]
        return dict(found)


async def _run(machine: Machine, job: Job, options: Options) -> Told:
    """As the command does it."""
    settings = Settings.from_env(machine.env, state=machine.state)
    loaded = config.load(machine.folder / "config.toml", env=machine.env, settings=settings)
    store, summary = FileStore(machine.state), Summary()
    async with api.Client(
        api_url=loaded.project.api_url,
        token=SecretStr(machine.env["SUPABASE_ACCESS_TOKEN"]),
        production_ref=loaded.project.ref,
        clock=Clock(),
        audit=api.AuditLog(
            machine.state / "production.log",
            project=loaded.project.ref,
            engine=engine(),
            understand=allowed(loaded),
        ),
    ) as client:
        run, lost = Run(emit=summary, options=options), list[str]()
        about = begun(run, job, [BRANCH], trigger=history.COMMAND)
        async with history.recorded(
            kept_at(machine.state, lost.append), about, summary, lost.append
        ):
            code = await pipeline.run_job(
                job,
                [BRANCH],
                run=run,
                config=loaded,
                client=client,
                store=store,
                seeds=pipeline.scripts(loaded, [BRANCH]) if job.seed else {},
            )
    return Told(code=code, document=summary.to_json(sql=False), kept=not lost)


def kept_at(state: Path, tell: Callable[[str], None]) -> history.History:
    return history.opened(config.History(), state, tell)
