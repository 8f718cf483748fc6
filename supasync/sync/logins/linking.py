"""The application's rows of test users get the ids of their accounts: [profiles] account_column.

A seed makes these rows, and it runs before the accounts are made; a branch gives each account an id
of its own. So a seed that writes the column, or leaves it empty, is right as well: this comes after
each run of it, also after those that are only rehearsed. What the column's triggers write is then
the same there, and a row that is linked is not taken for one that is no longer the seed's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from supasync import sql
from supasync.config import Config
from supasync.errors import SqlError, UsersError
from supasync.events import Notice
from supasync.ports import WritableDatabase
from supasync.sync import bookkeeping
from supasync.sync.bookkeeping import again
from supasync.sync.bookkeeping.lease import understood
from supasync.sync.context import Run


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
    text = (
        f"{bookkeeping.TAKE_WRITE_LOCK}with linked as ({links.update} returning 1)\n"
        "select json_build_object('linked', count(*))::text from linked;\n"
    )
    try:
        if not again.row(await database.fetch(query), "unlinked")["unlinked"]:
            return
        done = await again.idempotent(database, text, lambda it: again.row(it, "linked"))
    except SqlError as error:
        if (known := understood(error, database.name)) is not error:
            raise known from error
        raise UsersError(
            f"{database.name}: {links} could not be set to the id of the account: {error.message}",
            remedy=f"Correct [profiles] in the configuration, or look at the triggers, constraints "
            f"and policies of {links.table}: the role that changes the schema updates it.",
        ) from error
    message = f"{links} is now the id of the account: {done['linked']} rows"
    run.emit(Notice(branch=database.name, message=message))


def after_seed(config: Config) -> str:
    """The same as SQL for the transaction of a seed that is rehearsed; "" where nothing is linked.

    Where no row lacks its link no table is locked: what is locked counts as written by the seed.
    """
    links = _Links.of(config)
    if links is None:
        return ""
    body = f"begin if {links.needed} then\n{links.update};\nend if; end"
    return f"do {sql.dollar(body)};\n"


@dataclass(frozen=True, kw_only=True)
class _Links:
    """email, column: of the table, as they are stored. emails: of the test users."""

    table: str
    email: str
    column: str
    emails: tuple[str, ...]

    @classmethod
    def of(cls, config: Config) -> Self | None:
        profile, emails = config.profiles, config.emails
        if profile is None or profile.account_column is None or not emails:
            return None
        column = profile.account_column
        return cls(table=profile.table, email=profile.email_column, column=column, emails=emails)

    def __str__(self) -> str:
        return f"{self.table}.{self.column}"

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
