"""The history itself: runs are written as they begin and end, and read newest first."""

from __future__ import annotations

import difflib
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

from supasync import events
from supasync.errors import UnknownError, UsageError
from supasync.events import LastSync
from supasync.history import legacy, rows, statistics, writes
from supasync.history.backend import Backend, Execute, Row
from supasync.history.model import Begun, BranchRun, RunRecord, Statistics
from supasync.history.retention import Retention
from supasync.history.sqlite import SetAside
from supasync.history.statistics import Sync

SYNC = "branches sync"
_NEWEST_FIRST = "order by r.started desc, r.number desc"
_PARTS = f"select {rows.PART} from branch_runs b where b.run = ? order by b.position"
_NONE = "`supasync branches sync` records each run that writes."
_SHOWN = 5
T = TypeVar("T")


class History:
    """Runs that write something, one after the other. Each call is a transaction of its own, so an
    object may be used from several threads; each blocks, for a server up to some seconds.

    All raise UnknownError when the history cannot be read or written.
    """

    def __init__(
        self,
        backend: Backend,
        *,
        earlier: Path,
        retention: Retention,
        tell: Callable[[str], None],
        now: Callable[[], float] = time.time,
    ) -> None:
        """earlier: the folder in which there may be a history of an older version. tell: hears
        what people should know, such as that a file was damaged. now: seconds since the epoch."""
        self._backend, self._earlier = backend, earlier / legacy.FILE
        self._retention, self._tell, self._now = retention, tell, now

    def begin(self, begun: Begun) -> int:
        """Notes that a run has begun. Returns which attempt of the run it is, from 1."""

        def work(execute: Execute) -> int:
            attempt = writes.attempts(execute, begun.id) + 1
            writes.insert(execute, begun, attempt)
            return attempt

        return self._write(work)

    def beat(self, begun: Begun, attempt: int) -> None:
        """Notes that it is still running. attempt: as `begin` told it."""
        self._write(lambda execute: writes.beat(execute, begun.id, attempt, self._now()))

    def end(
        self,
        begun: Begun,
        attempt: int | None,
        document: Mapping[str, Any],
        without: Collection[str] = (),
    ) -> None:
        """Notes how it ended. attempt: as `begin` told it; None when that failed.
        document: as `events.Summary.to_json` has it; the SQL in it is not kept. without: names that
        are no branches: of them nothing is kept, nor of a run that had no others."""

        def work(execute: Execute) -> None:
            known = attempt or writes.attempts(execute, begun.id) + 1
            run = writes.number(execute, begun.id, known)
            if run is None:
                run = writes.insert(execute, begun, known)
            writes.end(execute, run, document)
            writes.leave_out(execute, run, without)
            self._retention.apply(execute, self._now())

        self._write(work)

    def runs(
        self, branch: str | None = None, limit: int = 20, before: int | None = None
    ) -> tuple[BranchRun, ...]:
        """Parts of runs, newest first: of one branch or all, `limit` at most, and only of runs
        before the one with the number `before` (BranchRun.number)."""
        asked, values = ["1 = 1"], list[object]()
        if branch is not None:
            asked.append("b.branch = ?")
            values.append(branch)
        if before is not None:
            asked.append(
                "(r.started, r.number) < (select started, number from runs where number = ?)"
            )
            values.append(before)
        found = self._read(
            f"select {rows.RUN}, {rows.PART} from branch_runs b join runs r on r.number = b.run"
            f" where {' and '.join(asked)} {_NEWEST_FIRST}, b.position limit ?",
            (*values, limit),
        )
        now, width = self._now(), rows.WIDTH
        return tuple(rows.branch_run(row[:width], row[width:], now) for row in found)

    def has(self, id_: str) -> bool:
        """Whether a run of exactly this id was begun."""
        return bool(self._read("select 1 from runs where id = ? limit 1", (id_,)))

    def run(self, id_: str) -> RunRecord:
        """The newest attempt of a run. Raises: as `attempts`."""
        return self.attempts(id_)[-1]

    def attempts(self, id_: str) -> tuple[RunRecord, ...]:
        """All attempts of a run, oldest first. id_: the run's, or how it alone begins.

        Raises: UsageError when there is none, or several.
        """
        self._take_over()
        with self._backend.reading() as execute:
            if execute is None:
                raise UsageError("No run is recorded yet", remedy=_NONE)
            found = execute(
                f"select {rows.RUN} from runs r where r.id = ? order by r.attempt",
                (_meant(execute, id_),),
            )
            now = self._now()
            return tuple(rows.record(row, execute(_PARTS, (row[0],)), now) for row in found)

    def statistics(self, branch: str | None = None, since: float = 0.0) -> Statistics:
        """Of the syncs of a branch, or of all. since: seconds since the epoch."""
        return statistics.of_syncs(self._syncs(branch), branch, since=since, now=self._now())

    def statistics_of_each(self, since: float = 0.0) -> tuple[Statistics, ...]:
        """Of each branch that was ever synced, by name."""
        syncs, now = self._syncs(None), self._now()
        return tuple(
            statistics.of_syncs(
                [sync for sync in syncs if sync.branch == name], name, since=since, now=now
            )
            for name in sorted({sync.branch for sync in syncs})
        )

    def documents(self) -> Iterator[Mapping[str, Any]]:
        """All runs as documents, oldest first, for those who judge them (events.past)."""
        self._take_over()
        with self._backend.reading() as execute:
            if execute is None:
                return
            for row in execute(f"select {rows.RUN} from runs r order by r.started, r.number"):
                yield rows.document(row, execute(_PARTS, (row[0],)), self._now())

    def last_syncs(self) -> dict[str, LastSync]:
        """By branch."""
        found = self._read(
            f"select {rows.RUN}, {rows.PART} from branch_runs b join runs r on r.number = b.run"
            " where r.command = ? and r.dry_run = 0 and not exists ("
            "select 1 from branch_runs c join runs s on s.number = c.run"
            " where c.branch = b.branch and s.command = ? and s.dry_run = 0"
            " and (c.started, c.run) > (b.started, b.run))",
            (SYNC, SYNC),
        )
        now, width = self._now(), rows.WIDTH
        return events.last_syncs(rows.document(row[:width], [row[width:]], now) for row in found)

    def _syncs(self, branch: str | None) -> list[Sync]:
        only, values = (" and b.branch = ?", (branch,)) if branch is not None else ("", ())
        found = self._read(
            "select r.id, b.branch, b.started, b.ended, b.verdict, b.code"
            " from branch_runs b join runs r on r.number = b.run"
            f" where r.command = ? and r.dry_run = 0{only} order by b.started, b.run",
            (SYNC, *values),
        )
        return [
            Sync(run=run, branch=name, started=started, ended=ended, verdict=verdict, code=code)
            for run, name, started, ended, verdict, code in found
        ]

    def _read(self, statement: str, values: tuple[object, ...]) -> list[Row]:
        self._take_over()
        with self._backend.reading() as execute:
            return execute(statement, values) if execute else []

    def _write(self, work: Callable[[Execute], T]) -> T:
        self._take_over()
        return self._written(work)

    def _written(self, work: Callable[[Execute], T]) -> T:
        try:
            with self._backend.writing() as execute:
                return work(execute)
        except SetAside as aside:
            self._tell(aside.message)
        with self._backend.writing() as execute:
            return work(execute)

    def _take_over(self) -> None:
        """What an older version kept comes in once; its file stays, under another name."""
        if not self._earlier.exists():
            return
        try:
            found = list(legacy.runs(self._earlier))
            self._written(lambda execute: writes.take_over(execute, found))
            self._earlier.rename(self._earlier.with_name(legacy.TAKEN_OVER))
        except FileNotFoundError:
            return  # another process has just done it
        except OSError as error:
            raise UnknownError(
                f"{self._earlier} cannot be taken over into the history: {error.strerror}",
                remedy="See that it can be read, and its folder written.",
            ) from error


def _meant(execute: Execute, id_: str) -> str:
    """The id of the one run that is named, also by how its id begins. Raises: UsageError."""
    ids = [
        found
        for (found,) in execute(
            "select distinct id from runs where substr(id, 1, ?) = ? order by id desc limit ?",
            (len(id_), id_, _SHOWN + 1),
        )
    ]
    if id_ in ids or len(ids) == 1:
        return id_ if id_ in ids else str(ids[0])
    if ids:
        shown = ", ".join(ids[:_SHOWN]) + (", …" if len(ids) > _SHOWN else "")
        raise UsageError(
            f"{id_} begins several runs: {shown}",
            remedy="Give more of the id; `supasync runs list` has all.",
        )
    newest = [found for (found,) in execute("select id from runs order by number desc limit 500")]
    close = difflib.get_close_matches(id_, newest, n=1)
    raise UsageError(
        f"No run {id_} is recorded",
        remedy=f"Did you mean {close[0]}?"
        if close
        else "`supasync runs list` shows those that are.",
    )
