"""Output in which a CI system finds no command but ours."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from typing import TextIO

from supasync.report.github import inert


class Inert(io.TextIOBase):
    """Passes lines on, each of them inert once it is whole. json: they are a JSON document's, and
    so is what is passed on: the same document."""

    def __init__(self, out: TextIO, *, json: bool = False) -> None:
        self._out, self._json = out, json
        self._line = ""

    @property
    def encoding(self) -> str:  # type: ignore[override]
        return self._out.encoding

    def fileno(self) -> int:
        return self._out.fileno()

    def isatty(self) -> bool:
        return self._out.isatty()

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        *lines, self._line = (self._line + text).split("\n")
        self._out.writelines(f"{self._inert(line)}\n" for line in lines)
        return len(text)

    def _inert(self, line: str) -> str:
        return line.replace("##[", "##\\u005b") if self._json else inert(line)

    def flush(self) -> None:
        self._out.flush()

    def command(self, line: str) -> None:
        """One that is meant, on a line of its own."""
        self.end()
        self._out.write(f"{line}\n")
        self._out.flush()

    def end(self) -> None:
        """Passes on what is no whole line."""
        if self._line:
            self.write("\n")
        self._out.flush()


@contextmanager
def inert_output(wanted: bool, *, json: bool) -> Iterator[Callable[[str], None]]:
    """stdout and stderr are inert as long as it is entered, if that is wanted. Gives what prints a
    command: to stdout, or to stderr where stdout is a JSON document."""
    if not wanted:
        yield lambda _: None
        return
    out, err = Inert(sys.stdout, json=json), Inert(sys.stderr)
    with redirect_stdout(out), redirect_stderr(err):
        try:
            yield (err if json else out).command
        finally:
            out.end()
            err.end()
