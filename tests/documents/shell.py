"""A shell in which a page's commands are typed, one after the other."""

from __future__ import annotations

import contextlib
import itertools
import os
import signal
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

from tests.documents.blocks import Command

LIMIT = 120.0


class Wrong(AssertionError):
    """A command does not do what its page says."""


class Shell:
    """bash in `folder`. What commands write is kept in files, which stay there for later ones: the
    newest of one that stays is named by $OUT."""

    def __init__(self, folder: Path, env: Mapping[str, str]) -> None:
        self._outs = folder / ".outs"
        self._outs.mkdir()
        self._numbers = itertools.count(1)
        self._staying: list[int] = []
        self._process = subprocess.Popen(
            ["bash", "--norc"],
            cwd=folder,
            env=env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            # else nothing in it could hear Ctrl-C where the tests run in the background
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509
        )
        self._type("set -m; echo 0")  # what stays has a process group of its own

    def run(self, command: Command) -> None:
        """Raises: Wrong."""
        out = self._outs / f"{next(self._numbers)}.out"
        files = f">{out} 2>{out}.err </dev/null"
        if command.stays:
            pid = self._type(f"{{ {command.text}\n}} {files} &\nOUT={out}; echo $!")
            self._staying.append(pid)
            self._until(command, out, pid)
            return
        code = self._type(f"{{ {command.text}\n}} {files}; echo $?")
        said = out.read_text()
        if code != command.code or not command.expects(said):
            raise Wrong(_told(command, f"exit code {code}", out))

    def close(self) -> None:
        """Interrupts what stays. Raises: Wrong, of one that does not end as by Ctrl-C."""
        codes = {}
        for pid in reversed(self._staying):
            codes[pid] = self._type(f"kill -INT -- -{pid}; wait {pid}; echo $?")
        self._end()
        if wrong := {pid: code for pid, code in codes.items() if code not in (0, 130)}:
            raise Wrong(f"interrupted, and ended with {wrong}")

    def kill(self) -> None:
        for pid in self._staying:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(pid, signal.SIGKILL)
        self._process.kill()
        self._end()

    def _end(self) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()

    def _type(self, text: str) -> int:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(text + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())

    def _until(self, command: Command, out: Path, pid: int) -> None:
        """Waits until the command has said what its page says."""
        ends = time.monotonic() + LIMIT
        while not (out.exists() and command.begins(out.read_text())):
            if time.monotonic() > ends or not _runs(pid):
                raise Wrong(_told(command, "it has ended, or takes too long", out))
            time.sleep(0.05)


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def _told(command: Command, how: str, out: Path) -> str:
    err = Path(f"{out}.err").read_text()
    said = out.read_text() if out.exists() else ""
    says = "" if command.says is None else f"\nthe page says:\n{command.says}"
    return f"line {command.line}: {command.text}\n{how}{says}\nstdout:\n{said}\nstderr:\n{err}"
