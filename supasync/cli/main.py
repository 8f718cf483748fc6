"""The command `supasync`.

This module imports next to nothing, so that Ctrl-C is heard from the start.
"""

from __future__ import annotations

import sys

from supasync.cli import interrupt


def main() -> None:
    """Runs the command line."""
    interrupt.leave_at_once()
    # httpx imports its own command line (click, rich, pygments) when it can; ours needs none of
    # it. httpx takes the ImportError that this makes as "not installed".
    sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]

    from supasync.cli.app import run

    run()
