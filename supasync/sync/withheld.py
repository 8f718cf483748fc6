"""Errors of a branch that may have rows of production, without values of rows.

PostgreSQL quotes values in its errors, and a function of the schema may say anything. What is sent
to such a branch goes through `branch_database`, so that no message, report or history has them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from supasync.errors import SqlError
from supasync.ports import WritableDatabase

if TYPE_CHECKING:
    from supasync import api
    from supasync.config import Branch

OF_ROWS = ("22", "23")
"""Classes of SQLSTATEs: data exception, integrity constraint violation. (PostgreSQL, Appendix A)"""

_NOT_OF_ROWS = (
    *("08", "0A", "25", "28", "2B", "3D", "3F", "40", "42", "53", "54", "55", "57", "58"),
    *("SY0", "SSY"),
)
"""Beginnings of SQLSTATEs whose messages are the server's alone, or our own statements'."""

_SERVERS_OWN = re.compile(
    "invalid input (syntax|value) for|value too long for type|(small|big)?int(eger)? out of range"
    "|numeric field overflow|null value in column|duplicate key value violates|new row for relation"
    "|(insert or update|update or delete) on table|conflicting key value violates"
    "|no partition of relation|(value for )?domain |could not create (unique index|exclusion)"
    '|(column|check constraint|partition constraint) "|updated partition constraint'
)
"""How messages begin that PostgreSQL makes of rows."""


def branch_database(
    client: api.Client, branch: api.Branch, name: str, settings: Branch
) -> WritableDatabase:
    """The branch's database. name: for people. settings: the branch's section.

    Raises: ProductionGuard.
    """
    database = client.database(branch.project_ref, name=name)
    may_have_rows = settings.auto_sync_data or branch.with_data
    return WithoutValues(database) if may_have_rows else database


class WithoutValues:
    """A WritableDatabase whose SqlErrors are `without_values`."""

    def __init__(self, database: WritableDatabase) -> None:
        self._database = database
        self.name = database.name

    async def fetch(self, sql: str) -> str | None:
        try:
            return await self._database.fetch(sql)
        except SqlError as error:
            raise without_values(error) from None

    async def run(self, sql: str) -> str | None:
        try:
            return await self._database.run(sql)
        except SqlError as error:
            raise without_values(error) from None

    def fits(self, sql: str) -> bool:
        return self._database.fits(sql)


def without_values(error: SqlError) -> SqlError:
    """The error with nothing that could be a value of a row; itself when it can have none."""
    if error.sqlstate.startswith(_NOT_OF_ROWS):
        return error
    told = _told(error)
    return SqlError(
        told
        or f"SQLSTATE {error.sqlstate or 'unknown'}; the message is not shown, as it may have "
        "values of rows that came from production",
        sqlstate=error.sqlstate,
        line=error.line,
        remedy=error.remedy,
    )


def _told(error: SqlError) -> str:
    """Messages of class 23 name tables, columns and constraints; those of class 22 quote values."""
    if not (error.sqlstate.startswith(OF_ROWS) and _SERVERS_OWN.match(error.message)):
        return ""
    if error.sqlstate.startswith("23"):
        return error.message
    return error.message.partition('"')[0].rstrip(": ")
