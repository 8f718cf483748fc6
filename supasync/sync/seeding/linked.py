"""Columns of captured rows that refer to accounts.

Each branch gives its accounts ids of its own, so what is written is whose account it is: a test
user's by the e-mail address, others' not at all.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from supasync import sql
from supasync.errors import UnexpectedAnswer
from supasync.ports import Database
from supasync.sync.data.tables import Table

_ACCOUNTS = ("auth", "users")


@dataclass(frozen=True)
class Accounts:
    """emails: of the test users' accounts on the branch, by id."""

    emails: Mapping[str, str]

    def expression(self, account: str) -> str:
        """SQL for an id of this branch: the id that the account has where it runs."""
        if account not in self.emails:
            return "null"
        email = sql.literal(self.emails[account]).strip()
        return f"(select id from auth.users where email = {email} and deleted_at is null)"


async def read(branch: Database, emails: Sequence[str]) -> Accounts:
    """emails: of the test users. Raises: SqlError, UnknownError."""
    wanted = sql.text_array(email.lower() for email in emails)
    answer = await branch.fetch(
        "select coalesce(json_object_agg(id, email), '{}')::text from auth.users"
        f" where deleted_at is null and lower(email) = any ({wanted})"
    )
    try:
        return Accounts({str(key): str(email) for key, email in json.loads(answer or "").items()})
    except (ValueError, AttributeError) as error:
        raise UnexpectedAnswer(f"{branch.name} did not answer with its accounts") from error


def columns(table: Table) -> list[str]:
    """That refer to accounts and may be null."""
    fixed = {column.name for column in table.columns if column.not_null} | {*table.key}
    return [name for name in _referring(table) if name not in fixed]


def notes(table: Table, rows: int, lost: int) -> Iterator[str]:
    """What people should know of a table's rows. lost: how many of them refer to an account of no
    test user."""
    linked = columns(table)
    if lost:
        yield (
            f"{table.named}: {', '.join(linked)} is null in {lost} of {rows} rows, whose accounts"
            " are none of [[test_users]]"
        )
    for name in _referring(table):
        if name not in linked:
            yield (
                f"Warning: {table.named}.{name} refers to accounts and cannot be null: a branch "
                "without accounts of these ids refuses the rows"
            )


def _referring(table: Table) -> list[str]:
    keys = [key for key in table.refers if key.to == _ACCOUNTS and key.to_columns == ("id",)]
    return sorted({column for key in keys for column in key.columns})
