"""The history as earlier versions kept it: `history.jsonl`, a run's document on each line."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from supasync.history import rows
from supasync.history.model import Begun

FILE = "history.jsonl"
TAKEN_OVER = FILE + ".imported"


def runs(file: Path) -> Iterator[tuple[Begun, int, Mapping[str, Any]]]:
    """Each run with its attempt and document, oldest first. A line that a crash has cut, or that is
    in another form, is left out. Raises: OSError."""
    attempts: Counter[str] = Counter()
    for line in file.read_text(encoding="utf-8", errors="replace").splitlines():
        try:
            document = json.loads(line)
            begun = _begun(document)
        except (ValueError, KeyError, TypeError, AttributeError):
            continue
        attempts[begun.id] += 1
        yield begun, attempts[begun.id], document


def _begun(document: Mapping[str, Any]) -> Begun:
    run = document["run"]
    begun = Begun(
        id=str(run["id"]),
        command=str(run["command"]),
        branches=tuple(str(branch["name"]) for branch in document["branches"]),
        at=float(run["started_at"]),
        trigger="",  # was not kept
        source=str(run["source"]),
        dry_run=bool(run["dry_run"]),
    )
    _read(begun, document)
    return begun


def _read(begun: Begun, document: Mapping[str, Any]) -> None:
    """Raises: one of these errors for what could not be told of later."""
    about = (begun.id, 1, begun.command, begun.source, begun.dry_run, "", "", begun.at)
    ended = begun.at + document["run"]["seconds"]
    row = (0, *about, ended, None, json.dumps(document), None, False)
    for part in document["branches"]:
        rows.branch_run(row, (part["name"], json.dumps(part)), begun.at)
