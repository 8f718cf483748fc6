"""A worker in a process of its own: `URL NAME FILE JOBS`. It enqueues so many jobs. Its work notes
begin and end in FILE and takes as long as the file `FILE.hold` is there."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

from supasync.service.jobs import durable
from supasync.service.jobs.database import Place
from supasync.service.jobs.port import Request, Result, Trigger


async def main(url: str, name: str, file: Path, count: int) -> None:
    def note(word: str, request: Request, run_id: str) -> None:
        with file.open("a") as out:
            out.write(f"{name} {word} {request.branch} {run_id}\n")

    async def work(request: Request, run_id: str) -> Result:
        note("begins", request, run_id)
        while file.with_suffix(".hold").exists():  # noqa: ASYNC110 -- the test's process removes it
            await asyncio.sleep(0.05)
        note("ends", request, run_id)
        return Result(code=0)

    place = Place(file=Path(os.devnull), name=name, url=url)
    async with durable.opened(work, place, debounce=0.1) as jobs:
        for n in range(count):
            await jobs.enqueue(f"drift:{n}", Request(branch=f"b{n}", trigger=Trigger.DRIFT))
        print("up", flush=True)
        await asyncio.Event().wait()


asyncio.run(main(sys.argv[1], sys.argv[2], Path(sys.argv[3]), int(sys.argv[4])))
