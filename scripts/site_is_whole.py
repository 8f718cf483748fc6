"""Holds the built site to what it promises: it loads nothing from elsewhere.

`scripts/site_is_whole.py FOLDER`; exit code 1 when it does not, with what and where.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

_LOADED = re.compile(
    r"<(?:script|img|iframe|source|video|audio)\b[^>]*?\bsrc=\"?([^\"\s>]+)"
    r"|<link\b(?=[^>]*\brel=\"?(?:stylesheet|preconnect|preload|icon)\b)[^>]*?\bhref=\"?([^\"\s>]+)"
    r"|url\(\s*[\"']?([^\"')\s]+)",
)
_ELSEWHERE = re.compile(r"(?:https?:)?//")


def problems(site: Path) -> Iterator[str]:
    """What is wrong, with its place."""
    files = [*site.rglob("*.html"), *site.rglob("*.css"), *site.rglob("*.svg")]
    if not files:
        yield f"{site} has no pages"
    for file in files:
        for found in _LOADED.finditer(file.read_text()):
            address = next(filter(None, found.groups()))
            if _ELSEWHERE.match(address):
                yield f"{file}: loads {address}"


def main() -> int:
    found = list(problems(Path(sys.argv[1])))
    for problem in found:
        print(problem, file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
