"""The application's rows of test users get the ids of their accounts: [profiles] account_column.

A seed makes these rows, and it runs before the accounts are made; a branch gives each account an id
of its own. So a seed that writes the column, or leaves it empty, is right as well: this comes after
each run of it, in a session of its own, also after those that are only rehearsed. What the column's
triggers write is then the same there, and a row that is linked is not taken for one that is no
longer the seed's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from supasync import sql
from supasync.config import Config
from supasync.errors import OutcomeUnknown, SqlError, UnexpectedAnswer, UsersError
from supasync.events import Notice
from supasync.ports import WritableDatabase
from supasync.sync import bookkeeping
from supasync.sync.bookkeeping import again
from supasync.sync.bookkeeping.lease import understood
from supasync.sync.context import Run
from supasync.sync.seeding.variables import Values

_REFUSED = "SY006"
"""SQLSTATE our own statement raises, with why the column could not be set as its message."""

_MISSING = frozenset({"42P01", "42703", "3F000"})
"""undefined_table, undefined_column, invalid_schema_name."""


async def link(run: Run, database: WritableDatabase, config: Config) -> None:
    """Writes nothing but the column, into rows of test users that lack the id of the account that
    is there. Sent twice, it writes once.

    Raises: UsersError when the table is not as [profiles] says or refuses the id, NotReady,
    SqlError, UnknownError.
    """
    links = _Links.of(config)
    if links is None:
        return
    query = f"select json_build_object('unlinked', {links.needed})::text"
    try:
        if not again.row(await database.fetch(query), "unlinked")["unlinked"]:
            return
        linked = await _written(database, links)
    except SqlError as error:
        if (known := understood(error, database.name)) is not error:
            raise known from error
        raise links.refused(error, database.name) from None
    if linked != 0:
        number = _UNKNOWN if linked is None else "1 row" if linked == 1 else f"{linked} rows"
        message = f"{links} is now the id of the account: {number}"
        run.emit(Notice(branch=database.name, message=message))


_UNKNOWN = "of how many rows is not known, an answer got lost"


async def _written(database: WritableDatabase, links: _Links) -> int | None:
    """How many rows are linked now and were not before; None when it was sent twice."""
    text = (
        f"{bookkeeping.TAKE_WRITE_LOCK}with linked as ({links.update} returning {links.same})\n"
        "select json_build_object('linked', count(*) filter (where same))::text from linked;\n"
    )

    def understand(answer: str | None) -> int:
        return int(again.row(answer, "linked")["linked"])

    try:
        return understand(await database.run(text))
    except (OutcomeUnknown, UnexpectedAnswer):
        understand(await database.run(text))
        return None


class Rehearsed:
    """The same as SQL for a transaction that rolls back, which begins as a session does.

    Where no row lacks its link no table is locked: what is locked counts as written by the seed.
    """

    def __init__(self, links: _Links) -> None:
        self._links = links
        body = (
            f"begin if {links.needed} then\n{links.update};\nend if;\n"
            "exception when lock_not_available then raise; when others then\n"
            f"raise exception using errcode = '{_REFUSED}', message = sqlerrm; end"
        )
        self.text = f"{bookkeeping.TAKE_WRITE_LOCK}do {sql.dollar(body)};\n"

    def refused(self, error: SqlError, branch: str) -> UsersError | None:
        """What the transaction's error means; None when it is not this that failed."""
        return self._links.refused(error, branch) if error.sqlstate == _REFUSED else None


def after_seed(config: Config) -> Rehearsed | None:
    """None where nothing is linked."""
    links = _Links.of(config)
    return None if links is None else Rehearsed(links)


@dataclass(frozen=True, kw_only=True)
class _Links:
    """email, column: of the table, as they are stored. emails: of the test users. values: of the
    variables that seeds have."""

    table: str
    email: str
    column: str
    emails: tuple[str, ...]
    values: Values

    @classmethod
    def of(cls, config: Config) -> Self | None:
        profile, emails = config.profiles, config.emails
        if profile is None or profile.account_column is None or not emails:
            return None
        column = profile.account_column
        return cls(
            table=profile.table,
            email=profile.email_column,
            column=column,
            emails=emails,
            values=Values(config.seed_values),
        )

    def __str__(self) -> str:
        return f"{self.table}.{self.column}"

    def refused(self, error: SqlError, branch: str) -> UsersError:
        """Without the values of variables: a trigger may tell the whole row."""
        remedy = (
            f"Correct [profiles] in the configuration, or look at the triggers, constraints "
            f"and policies of {self.table}: the role that changes the schema updates it."
        )
        if error.sqlstate in _MISSING:
            remedy = (
                f"Run `supasync branches sync {branch}` first if the branch's schema is not "
                f"production's. {remedy}"
            )
        return UsersError(
            f"{branch}: {self} could not be set to the id of the account: "
            + self.values.hidden(error.message),
            remedy=remedy,
        )

    @property
    def needed(self) -> str:
        return f"exists (select from {self.table} profile, {self._accounts} where {self._lacking})"

    @property
    def update(self) -> str:
        return (
            f"update {self.table} profile set {sql.ident(self.column)} = account.id"
            f" from {self._accounts} where {self._lacking}"
        )

    @property
    def same(self) -> str:
        """What `update` returns: a trigger may have taken the id back."""
        return f"profile.{sql.ident(self.column)}::text = account.id::text as same"

    @property
    def _accounts(self) -> str:
        """Those with which people log in by e-mail. Which of two is meant cannot be known."""
        wanted = sql.text_array(email.lower() for email in self.emails)
        return (
            "(select lower(email) as email, (array_agg(id))[1] as id from auth.users"
            f" where deleted_at is null and not is_sso_user and lower(email) = any ({wanted})"
            " group by 1 having count(*) = 1) account"
        )

    @property
    def _lacking(self) -> str:
        return (
            f"lower(profile.{sql.ident(self.email)}) = account.email"
            f" and profile.{sql.ident(self.column)}::text is distinct from account.id::text"
        )
