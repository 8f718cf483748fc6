"""Whether a log of what was sent to production is whole, and has nothing but the engine's queries.

A chain without a key holds against who alters the log, not against who writes it anew from the
start: note the head elsewhere, and hand it in again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from supasync.api.audit import Understand
from supasync.api.chain import GENESIS, Entry, Head, read_head, read_template, sha256
from supasync.sql import fill


@dataclass(frozen=True, kw_only=True)
class Verification:
    """entries: good lines from the start. head: the last good line's hash (GENESIS when none).
    matched: entries that are this engine's queries; others: those that another version sent and
    whose queries only that version knows. problem: None when the whole log is good."""

    entries: int
    head: str
    matched: int
    others: int
    problem: str | None = None


def read_log(log: Path) -> Iterator[Entry | None]:
    """The lines, oldest first; None for one that is no entry. A missing log has none.

    Raises: OSError.
    """
    if log.exists():
        with log.open("rb") as lines:
            for line in lines:
                yield Entry.read(line)


def statement_text(log: Path, entry: Entry) -> str | None:
    """The statement, letter for letter; None when it is not kept, or altered."""
    template = read_template(log, entry.template)
    return None if template is None else _filled(template, entry)


def verify(
    log: Path,
    understand: Understand,
    *,
    engine: str,
    heads: Iterable[str] = (),
    earlier: Verification | None = None,
) -> Verification:
    """Check every line, the chain, the statements, and that nothing is missing at the end.

    heads: hashes that are known to have been the last line's at some time. earlier: what this
    engine found before, so that statements up to there need not be matched again: that their lines
    are the same is what their hashes say. Raises: OSError.
    """
    check = _Check(log, understand, engine, earlier)
    if log.exists():
        with log.open("rb") as lines:
            for line in lines:
                check.line(line)
                if check.problem:
                    break
    if not check.problem:
        check.end(read_head(log), heads)
    return check.result()


class _Check:
    def __init__(
        self, log: Path, understand: Understand, engine: str, earlier: Verification | None
    ) -> None:
        self._earlier = earlier
        self._understand, self._engine = lru_cache(maxsize=64)(understand), engine
        self._template = lru_cache(maxsize=64)(lambda digest: read_template(log, digest))
        self._hashes = [GENESIS]
        self._matched = 0
        self.problem: str | None = None

    def line(self, line: bytes) -> None:
        entry = Entry.read(line)
        problem = "is not an entry of this log" if entry is None else self._broken(entry, line)
        if entry is None or problem:
            self.problem = f"line {len(self._hashes)}: {problem}"
        else:
            self._hashes.append(entry.hash)
            self._take_over()

    def _take_over(self) -> None:
        found = self._earlier
        if found is None or len(self._hashes) - 1 != found.entries:
            return
        self._matched = found.matched
        if self._hashes[-1] != found.head:
            self.problem = f"line {found.entries}: is not the one that was there before"

    def end(self, noted: Head | None, heads: Iterable[str]) -> None:
        """What the lines alone cannot show: whether some are missing behind them."""
        entries = len(self._hashes) - 1
        if self._earlier is not None and entries < self._earlier.entries:
            self.problem = f"line {entries + 1}: is missing; it was there before"
        elif noted is None:
            self.problem = "the note of its end is missing" if entries else None
        elif noted.entries > entries:
            self.problem = f"line {entries + 1}: is missing; {noted.entries} were written"
        elif self._hashes[noted.entries] != noted.hash or noted.entries < entries - 1:
            # a process that was killed may have left one line more
            self.problem = f"line {noted.entries + 1}: was added; {noted.entries} were written"
        for head in heads:
            if head not in self._hashes and not self.problem:
                self.problem = f"no line has the hash {head}: the log was cut, or written anew"

    def result(self) -> Verification:
        entries = len(self._hashes) - 1
        return Verification(
            entries=entries,
            head=self._hashes[-1],
            matched=self._matched,
            others=entries - self._matched,
            problem=self.problem,
        )

    def _broken(self, entry: Entry, line: bytes) -> str | None:
        if entry.prev != self._hashes[-1]:
            return "does not follow the line before: one was removed, added or moved"
        if line != entry.line:
            return "was altered"
        template = self._template(entry.template)
        sql = None if template is None else _filled(template, entry)
        if sql is None:
            return f"its text {entry.template}.sql is missing or was altered"
        if self._earlier is not None and len(self._hashes) <= self._earlier.entries:
            return None
        statement = self._understand(sql)
        if statement is not None and statement.query == entry.query:
            self._matched += 1
        elif entry.engine == self._engine:
            return "its statement is none of supasync's queries"
        return None


def _filled(template: str, entry: Entry) -> str | None:
    try:
        sql = fill(template, entry.values)
    except ValueError:
        return None
    return sql if sha256(sql) == entry.sha256 else None
