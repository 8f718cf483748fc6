"""The statements that write to the history, each for use in a transaction."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from supasync.history import rows
from supasync.history.backend import Execute
from supasync.history.model import Begun

_NUMBER = "select number from runs where id = ? and attempt = ?"


def attempts(execute: Execute, id_: str) -> int:
    """How many attempts of a run there are."""
    [(count,)] = execute("select coalesce(max(attempt), 0) from runs where id = ?", (id_,))
    return int(count)


def number(execute: Execute, id_: str, attempt: int) -> int | None:
    found = execute(_NUMBER, (id_, attempt))
    return int(found[0][0]) if found else None


def insert(execute: Execute, begun: Begun, attempt: int) -> int:
    """A run without an end. Returns its number."""
    execute(
        "insert into runs (id, attempt, command, source, dry_run, cause, holder, started, heard)"
        " values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            begun.id,
            attempt,
            begun.command,
            begun.source,
            int(begun.dry_run),
            begun.trigger,
            begun.by,
            begun.at,
            begun.at,
        ),
    )
    [(made,)] = execute(_NUMBER, (begun.id, attempt))
    for position, branch in enumerate(begun.branches):
        execute(
            "insert into branch_runs (run, position, branch, started) values (?, ?, ?, ?)",
            (made, position, branch, begun.at),
        )
    return int(made)


def beat(execute: Execute, id_: str, attempt: int, now: float) -> None:
    execute("update runs set heard = ? where id = ? and attempt = ?", (now, id_, attempt))


def end(execute: Execute, run: int, document: Mapping[str, Any]) -> None:
    """document: as `events.Summary.to_json` has it, of the run with this number."""
    told = document["run"]
    at, seconds = told["started_at"], told["seconds"]
    whole = {key: value for key, value in document.items() if key != "branches"}
    execute(
        "update runs set started = ?, ended = ?, exit_code = ?, document = ? where number = ?",
        (at, None if seconds is None else at + seconds, told["exit_code"], _json(whole), run),
    )
    for position, part in enumerate(document["branches"]):
        spent = part["seconds"]
        execute(
            "update branch_runs set started = ?, ended = ?, verdict = ?, code = ?, document = ?"
            " where run = ? and position = ?",
            (
                at,
                None if spent is None else at + spent,
                part["verdict"],
                part.get("code"),
                _json(rows.bounded(part)),
                run,
                position,
            ),
        )


def leave_out(execute: Execute, run: int, branches: Iterable[str]) -> None:
    """run: the number of one that has ended. It goes as a whole when it has no other branches."""
    for branch in branches:
        execute("delete from branch_runs where run = ? and branch = ?", (run, branch))
    execute(
        "delete from runs where number = ?"
        " and not exists (select 1 from branch_runs where run = runs.number)",
        (run,),
    )


def take_over(execute: Execute, runs: Iterable[tuple[Begun, int, Mapping[str, Any]]]) -> None:
    """Runs of an older version, with their attempts; those that are there already stay."""
    for begun, attempt, document in runs:
        if number(execute, begun.id, attempt) is None:
            end(execute, insert(execute, begun, attempt), document)


def _json(document: Mapping[str, Any]) -> str:
    return json.dumps(document, separators=(",", ":"))
