"""Runs commands on the sandbox in a terminal of their own, and draws what stood there:
docs/assets/demo.svg.

The picture loads nothing: its letters are the reader's monospace font.
"""

from __future__ import annotations

import fcntl
import io
import os
import pty
import re
import struct
import subprocess
import sys
import tempfile
import termios
from collections.abc import Mapping

import demo
import psycopg
from rich.console import Console
from rich.text import Text

PICTURE = demo.ROOT / "docs/assets/demo.svg"
COLUMNS, ROWS = 104, 50
BY_HAND = "alter table public.users add column phone text"
FONTS = "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace"
STORY = (
    ("branches diff testing", demo.DIFFERENT),
    ("branches sync testing", demo.DONE),
    ("branches status", demo.DIFFERENT),
)


def typed(arguments: str, env: Mapping[str, str], *, expect: int) -> str:
    """What the command writes to a terminal's stdout. Raises: demo.StepFailed."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
    with subprocess.Popen(
        [*demo.SUPASYNC, *arguments.split()],
        env=env, cwd=demo.ROOT, stdin=theirs, stdout=theirs, stderr=subprocess.DEVNULL,
    ) as process:  # fmt: skip
        os.close(theirs)
        said = b"".join(iter(lambda: _read(ours), b""))
    os.close(ours)
    if process.returncode != expect:
        raise demo.StepFailed(f"supasync {arguments} ended with {process.returncode}")
    return said.decode().replace("\r\n", "\n").rstrip() + "\n"


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:  # Linux's way to say that nobody has the other end any more
        return b""


def picture(scenes: list[tuple[str, str]]) -> str:
    """An SVG of the commands with what they wrote."""
    console = Console(width=COLUMNS, record=True, file=io.StringIO(), color_system="truecolor")
    console.print(Text(f"# somebody types into production's SQL editor: {BY_HAND}\n", style="dim"))
    for command, said in scenes:
        console.print(Text(f"$ {command}", style="bold"))
        console.print(Text.from_ansi(said))
    svg = console.export_svg(title="supasync on the sandbox", unique_id="demo")
    svg = re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL)
    svg = re.sub(r"font-family: [^;]+;", f"font-family: {FONTS};", svg)
    return re.sub(r"[ \t]+\n", "\n", svg)


def main() -> int:
    with demo.sandbox() as box, tempfile.TemporaryDirectory() as state:
        env = demo.environment(box, state) | {"TERM": "xterm-256color", "COLORTERM": "truecolor"}
        with psycopg.connect(box["db_url"]) as connection:
            connection.execute(BY_HAND.encode())
        scenes = []
        for arguments, code in STORY:
            scenes.append((f"supasync {arguments}", typed(arguments, env, expect=code)))
    PICTURE.write_text(picture(scenes))
    return 0


if __name__ == "__main__":
    sys.exit(main())
