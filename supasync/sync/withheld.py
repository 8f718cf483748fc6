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

_OURS = ("SY0", "SSY")
"""Beginnings of the SQLSTATEs that our own statements raise, with a text or JSON of their own."""

_NAME = r'"[^"\n]+"'
_WORD = r'[\w."]+'
_KIND = "(table|view|schema|sequence|function|procedure|relation|database|type|language)"
_WITHOUT_VALUES = re.compile(
    "|".join(
        (
            rf"duplicate key value violates unique constraint {_NAME}",
            rf"conflicting key value violates exclusion constraint {_NAME}",
            rf"could not create (unique index|exclusion constraint) {_NAME}",
            rf"null value in column {_NAME} of relation {_NAME} violates not-null constraint",
            rf"column {_NAME} of relation {_NAME} contains null values",
            rf"(check constraint {_NAME}|partition constraint) of relation {_NAME} is violated by"
            " some row",
            rf"updated partition constraint for default partition {_NAME} would be violated by some"
            " row",
            rf"new row for relation {_NAME} violates check constraint {_NAME}",
            rf"new row for relation {_NAME} violates partition constraint",
            rf"no partition of relation {_NAME} found for row",
            rf"(insert or update|update or delete) on table {_NAME} violates"
            rf" (RESTRICT setting of )?foreign key constraint {_NAME}( on table {_NAME})?",
            rf"(value for )?domain {_WORD} (violates check constraint {_NAME}|"
            "does not allow null values)",
            rf"(permission denied for|must be owner of) {_KIND} {_WORD}",
            r"value too long for type [a-z ]+\([0-9]+\)",
            r"(small|big)?int(eger)? out of range|numeric field overflow",
            r"canceling (statement|autovacuum task) (due|because)[a-z -]*",
            r"deadlock detected|out of (shared )?memory|could not serialize access due to [a-z/ ]+",
            r"terminating connection due to [a-z ]+|the database system is [a-z ]+",
            r"cannot execute [A-Z ]+ in a read-only transaction",
            rf"(relation|type|schema|constraint|column|trigger|policy|role|extension) {_NAME}"
            rf"( (of|for) (relation|table) {_NAME})? already exists",
        )
    )
)
"""What PostgreSQL says, whole, with no more in it than names of the schema."""
_CUT = re.compile(r"(invalid input syntax for type [a-z ]+|invalid input value for enum [\w.]+): ")
"""What PostgreSQL says before a value."""


def branch_database(
    client: api.Client, branch: api.Branch, name: str, settings: Branch
) -> WritableDatabase:
    """The branch's database. name: for people. settings: the branch's section.

    Raises: ProductionGuard.
    """
    database = client.database(branch.project_ref, name=name)
    return WithoutValues(database) if may_have_rows(branch, settings) else database


def may_have_rows(branch: api.Branch, settings: Branch) -> bool:
    """Whether rows of production may be on it: it lists some, now or until lately, or was made with
    them."""
    return settings.auto_sync_data or bool(settings.data.listed) or branch.with_data


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
    """The error with nothing that could be a value of a row: any function of the schema may raise
    any SQLSTATE, and conversions repeat what they cannot convert in errors of many classes."""
    if error.sqlstate.startswith(_OURS):
        return error
    told = error.message if _WITHOUT_VALUES.fullmatch(error.message) else ""
    if cut := _CUT.match(error.message):
        told = cut[1]
    return SqlError(
        told
        or f"SQLSTATE {_named(error.sqlstate)}; the message is not shown, as it may have values of "
        "rows that came from production",
        sqlstate=error.sqlstate,
        line=error.line,
        column=error.column,
        remedy=error.remedy,
    )


def _named(sqlstate: str) -> str:
    """`42P01 (UndefinedTable)`"""
    from psycopg import errors  # noqa: PLC0415 -- only when something failed

    try:
        return f"{sqlstate} ({errors.lookup(sqlstate).__name__})"
    except KeyError:
        return sqlstate or "unknown"
