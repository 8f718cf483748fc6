"""Processes that start with everything imported: forked from one that has imported it.

Each is a process of its own all the same, with an environment, a folder and files of its own.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
from collections.abc import Mapping, Sequence
from multiprocessing.context import ForkServerContext
from pathlib import Path

PRELOADED = (
    "supasync.cli.app",
    "supasync.cli.branches",
    "supasync.report.live",
    "supasync.sync.pipeline",
    "psycopg",
    "supabase",
    "tests.faults.running",
)


def context() -> ForkServerContext:
    """For multiprocessing: there is one such server per process, whoever asks first."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([*PRELOADED])
    return context


def command(
    args: Sequence[str],
    *,
    folder: Path,
    env: Mapping[str, str],
    files: Sequence[Path],
    limit: float,
) -> int:
    """`supasync` with these arguments; its exit code. files: stdin, stdout and stderr.

    Raises: TimeoutError after `limit` seconds.
    """
    process = context().Process(target=_become, args=(args, folder, env, files))
    process.start()
    process.join(limit)
    if process.exitcode is None:
        process.kill()
        process.join()
        raise TimeoutError(f"supasync {' '.join(args)} ran for more than {limit} s")
    return process.exitcode


def _become(
    args: Sequence[str], folder: Path, env: Mapping[str, str], files: Sequence[Path]
) -> None:
    from supasync.cli.main import main

    os.chdir(folder)
    os.environ.clear()
    os.environ.update(env)
    for descriptor, file in enumerate(files):
        os.dup2(os.open(file, os.O_RDWR), descriptor)
    encoding = env.get("PYTHONIOENCODING")  # what an interpreter reads when it starts
    sys.stdin, sys.stdout, sys.stderr = (
        os.fdopen(descriptor, mode, closefd=False, encoding=encoding, errors=errors)
        for descriptor, (mode, errors) in enumerate(
            [("r", "strict"), ("w", "strict"), ("w", "backslashreplace")]
        )
    )
    sys.argv = ["supasync", *args]
    main()
