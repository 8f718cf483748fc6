"""What one call cannot carry, uploaded in pieces to a table of schema `supasync` on the branch.

The pieces change nothing: the transaction that is sent last reads them, and is the only one that
does. They are written under the lease, so nobody else's are among them, and what a run that failed
has left is removed by the next one that needs the table.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator

from supasync import sql
from supasync.errors import SqlError, UnknownError
from supasync.ports import WritableDatabase
from supasync.sync.bookkeeping import again
from supasync.sync.bookkeeping.lease import Lease, understood

logger = logging.getLogger(__name__)

_CREATE = """\
create unlogged table if not exists supasync.staging (
  run_id text, sha256 text, number integer, piece text not null,
  primary key (run_id, sha256, number)
);
delete from supasync.staging where run_id <> {run_id};
"""
_LEAST = 1000
"""Letters of a piece that is not cut further."""


class Staging:
    """See catalog.apply.Staging. What is put a second time is not sent again."""

    def __init__(self, database: WritableDatabase, lease: Lease) -> None:
        self._database, self._lease = database, lease
        self._run_id = sql.literal(lease.run_id)
        self._there: set[str] = set()
        self._begun = False

    async def put(self, text: str) -> str:
        """Raises: LeaseHeld, SqlError, UnknownError."""
        sha256 = hashlib.sha256(text.encode()).hexdigest()
        if sha256 not in self._there:
            for number, insert in enumerate(self._inserts(sha256, text)):
                first = "" if number or self._there else self._create
                await self._send(first + insert)
            self._there.add(sha256)
        return (
            "(select coalesce(string_agg(piece, '' order by number), '') from supasync.staging"
            f" where run_id = {self._run_id} and sha256 = '{sha256}')"
        )

    def clear(self) -> str:
        return f"delete from supasync.staging where run_id = {self._run_id};\n"

    @staticmethod
    def clear_earlier() -> str:
        """SQL that takes away what runs before have left. Under the lease all of it is theirs."""
        body = (
            " begin if pg_catalog.to_regclass('supasync.staging') is not null then"
            " delete from supasync.staging; end if; end "
        )
        return f"do {sql.dollar(body)};\n"

    async def discard(self) -> None:
        """Takes away at once what was put, after a failure; otherwise the next run does."""
        if not self._begun:
            return
        try:
            await self._database.run(self._lease.fence() + self.clear() + again.SAY_DONE)
        except (SqlError, UnknownError) as error:
            logger.debug("what was staged stays for now: %s", error)

    @property
    def _create(self) -> str:
        return _CREATE.format(run_id=self._run_id)

    def _inserts(self, sha256: str, text: str) -> Iterator[str]:
        """As few as the database takes."""
        around = self._lease.fence() + self._create
        start, number, length = 0, 0, len(text)
        while start < len(text) or not number:  # one at least: the first makes the table
            piece = text[start : start + length]
            insert = (
                f"insert into supasync.staging values ({self._run_id}, '{sha256}',"
                f" {number}, {sql.dollar(piece)}) on conflict do nothing;\n"
            )
            if length > _LEAST and not self._database.fits(around + insert):
                length = max(_LEAST, length * 3 // 4)
                continue
            yield insert
            start, number = start + length, number + 1

    async def _send(self, statement: str) -> None:
        """A piece that is there is not written again."""
        self._begun = True
        text = self._lease.fence() + statement + again.SAY_DONE
        try:
            await again.idempotent(self._database, text, again.done)
        except SqlError as error:
            raise understood(error, self._database.name) from error
