"""The parts of docs/reference that are made from the code: `--write` writes them, else they are
compared.

Exit codes: 0 all are what the code says, 1 one is not.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "docs/reference"
BELOW = "<!-- made from the code by `scripts/docs --write`: what is changed below is lost -->\n"
sys.path.insert(0, str(Path(__file__).resolve().parent))

from reference_pages import cli, configuration, events, exit_codes, metrics  # noqa: E402

PARTS: Mapping[str, Callable[[], str]] = {
    "cli.md": cli.part,
    "configuration-keys.md": configuration.part,
    "events.md": events.part,
    "exit-codes.md": exit_codes.part,
    "metrics.md": metrics.part,
}


def made(name: str) -> str:
    """The page as it has to be: what people have written, and below it what is made."""
    written, mark, _ = (FOLDER / name).read_text().partition(BELOW)
    if not mark:
        raise SystemExit(f"docs/reference/{name} has lost the line {BELOW}")
    return f"{written}{mark}\n{PARTS[name]()}"


def outdated() -> list[str]:
    """The names of pages that are not what the code says."""
    return [name for name in PARTS if (FOLDER / name).read_text() != made(name)]


def main() -> int:
    if "--write" in sys.argv[1:]:
        for name in PARTS:
            (FOLDER / name).write_text(made(name))
        return 0
    for name in (found := outdated()):
        print(f"docs/reference/{name} is out of date: run scripts/docs --write.", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
