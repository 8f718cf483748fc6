"""A database named by a postgresql:// URL, as ports.WritableDatabase.

Each call speaks PostgreSQL's simple protocol, so that a text of several statements runs as the
SQL endpoint runs it: one implicit transaction, nothing of the session left, and the answer is the
last result that has rows.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import TracebackType
from typing import Any, Self, TypeAlias

import psycopg
from psycopg import pq
from psycopg.conninfo import conninfo_to_dict

from supasync import telemetry
from supasync.errors import (
    NotReady,
    OutcomeUnknown,
    SqlError,
    TransportError,
    UnexpectedAnswer,
    UsageError,
)

CONNECT_SECONDS = 10
# While connecting, libpq gives the server's words but no SQLSTATE.
_NOT_READY = (
    "starting up",
    "shutting down",
    "not yet accepting connections",
    "in recovery mode",
    "too many",
    "connection slots",
)
_LOST = ("08", "57P01", "57P02", "57P05")
"""SQLSTATEs that end the session. (PostgreSQL, Appendix A)"""
_CUT = (
    "A name there is damaged. PostgreSQL itself cuts the name of a range type's multirange type in "
    "the middle of a letter; rename it (alter type … rename to …)."
)
_LIKE = (
    "Give a URL like postgresql://user:password@host:5432/database; in the password write "
    "%40 for @, %3A for :, %2F for /, %3F for ? and %25 for %."
)
_PORTS = re.compile(r"[0-9,]*\Z")

Connection: TypeAlias = psycopg.AsyncConnection[tuple[Any, ...]]


class Database:
    """See ports.WritableDatabase. `fetch` runs in a read-only transaction that is rolled back.

    Each call is a new connection. As long as the object is open as a context manager, it keeps one
    for the next call: the server's caches in it make the next look at the catalog a good deal
    cheaper.
    url: postgresql://… Raises: UsageError when it is none.
    """

    def __init__(self, url: str) -> None:
        self._parameters = _parse(url)
        self.name = _name(self._parameters)
        self._told = _told(self._parameters)
        self._keeps = False
        self._kept: Connection | None = None

    async def __aenter__(self) -> Self:
        self._keeps = True
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.aclose()

    def __repr__(self) -> str:
        return f"Database({self.name!r})"

    async def fetch(self, sql: str) -> str | None:
        with telemetry.call(f"read {self._told['db.namespace']}", self._told):
            return await self._query(sql, writes=False)

    async def run(self, sql: str) -> str | None:
        with telemetry.call(f"write {self._told['db.namespace']}", self._told):
            return await self._query(sql, writes=True)

    def fits(self, sql: str) -> bool:
        """A connection carries a text of any size."""
        del sql
        return True

    async def aclose(self) -> None:
        """Close what is kept; calls that come later keep nothing."""
        self._keeps = False
        connection, self._kept = self._kept, None
        if connection is not None:
            await connection.close()

    async def _query(self, sql: str, *, writes: bool) -> str | None:
        if "\0" in sql:  # the server would stop reading the text there
            raise UsageError("SQL must not contain the NUL character.")
        async with self._connection(writes=writes) as connection:
            try:
                rows = await _last_rows(connection, sql)
            except psycopg.Error as error:
                raise self._failure(error, sql, connection, writes=writes) from error
            except UnicodeDecodeError as error:
                near = error.object[max(0, error.start - 60) : error.end + 20]
                raise UnexpectedAnswer(
                    f"{self.name} answered a text that is no UTF-8: {near!r}", remedy=_CUT
                ) from None  # it would print the whole text
        return _single_value(rows)

    @asynccontextmanager
    async def _connection(self, *, writes: bool) -> AsyncIterator[Connection]:
        connection = await self._again() or await self._connected()
        keep = False
        try:
            await connection.set_autocommit(writes)
            if not writes:
                await connection.set_read_only(True)
            yield connection
            if not writes:
                await connection.rollback()
            idle = connection.info.transaction_status == pq.TransactionStatus.IDLE
            keep = self._keeps and idle and self._kept is None
        finally:
            if keep:
                self._kept = connection
            else:
                await connection.close()

    async def _connected(self) -> Connection:
        try:
            return await psycopg.AsyncConnection.connect(
                **self._parameters, cursor_factory=psycopg.AsyncClientCursor
            )
        except psycopg.Error as error:
            raise self._not_connected(error) from error

    async def _again(self) -> Connection | None:
        """The kept connection, if it still lives, with nothing left of its last call."""
        connection, self._kept = self._kept, None
        if connection is None:
            return None
        try:
            await connection.set_autocommit(True)
            await connection.execute("discard all")
        except BaseException as error:
            await connection.close()
            if isinstance(error, psycopg.Error):
                return None
            raise
        return connection

    def _not_connected(self, error: psycopg.Error) -> Exception:
        reason = " ".join(str(error).split())
        if any(words in reason for words in _NOT_READY):
            return NotReady(
                f"{self.name} does not take connections yet: {reason}",
                remedy="Wait until the server is up and run the command again.",
            )
        return TransportError(
            f"{self.name} could not be reached: {reason}",
            remedy="Check host, port, user and password in the URL, and that the server runs.",
        )

    def _failure(
        self, error: psycopg.Error, sql: str, connection: Connection, *, writes: bool
    ) -> Exception:
        state = error.sqlstate or ""
        if state and not state.startswith(_LOST):
            return _sql_error(error, sql)
        reason = " ".join(str(error).split())
        if not (state or connection.broken):
            return UnexpectedAnswer(f"{self.name} answered what could not be read: {reason}")
        if writes:
            return OutcomeUnknown(f"The connection to {self.name} was lost: {reason}")
        return TransportError(f"The connection to {self.name} was lost: {reason}")


def resolved(url: str) -> dict[str, str]:
    """What libpq would connect with: the URL's parameters, for the rest its environment
    variables (PGUSER, PGHOST, …) and defaults.

    Raises: UsageError for a malformed URL, and for a service file, which could name any server.
    """
    given = {name: str(value) for name, value in _parameters(url).items()}
    defaults = {
        option.keyword.decode(): option.val.decode()
        for option in pq.Conninfo.get_defaults()
        if option.val is not None
    }
    parameters = {**defaults, **given}
    if "service" in parameters:
        raise UsageError(
            "A database that is named through a service file (service=, PGSERVICE) is not accepted",
            remedy="Write host, port, user and database into the URL itself.",
        )
    return parameters


def _parameters(url: str) -> dict[str, Any]:
    if not url.startswith(("postgresql://", "postgres://")):
        raise UsageError("A database URL starts with postgresql://.", remedy=_LIKE)
    try:
        parameters = conninfo_to_dict(url)
    except psycopg.Error:  # its text repeats the URL, password included
        raise UsageError("The database URL is malformed.", remedy=_LIKE) from None
    place = [str(parameters.get(name) or "") for name in ("host", "hostaddr", "port", "dbname")]
    # libpq reads what follows an unescaped @ or / of a password as the host, port or database
    if any("@" in part for part in place) or not _PORTS.match(place[2]):
        raise UsageError("The database URL is malformed.", remedy=_LIKE)
    return parameters


def _parse(url: str) -> dict[str, Any]:
    parameters = _parameters(url)
    parameters.setdefault("connect_timeout", CONNECT_SECONDS)
    parameters.setdefault("fallback_application_name", "supasync")
    return {**parameters, "client_encoding": "utf8"}


def _name(parameters: dict[str, Any]) -> str:
    """The URL without its password and options."""
    host = str(parameters.get("host") or parameters.get("hostaddr") or "localhost")
    if ":" in host and not host.startswith("["):
        host = f"[{host}]"
    user = f"{parameters['user']}@" if parameters.get("user") else ""
    port = f":{parameters['port']}" if parameters.get("port") else ""
    return f"postgresql://{user}{host}{port}/{parameters.get('dbname') or ''}"


def _told(parameters: dict[str, Any]) -> telemetry.Attributes:
    """What a trace has of each call, by OpenTelemetry's conventions."""
    port = str(parameters.get("port") or 5432)
    return {
        "db.system.name": "postgresql",
        "db.namespace": str(parameters.get("dbname") or parameters.get("user") or ""),
        "server.address": str(parameters.get("host") or parameters.get("hostaddr") or "localhost"),
        **({"server.port": int(port)} if port.isdecimal() else {}),
    }


async def _last_rows(connection: Connection, sql: str) -> list[tuple[Any, ...]]:
    """The rows of the last statement that returned any."""
    rows: list[tuple[Any, ...]] = []
    async with connection.cursor() as cursor:
        await cursor.execute(sql.encode())  # no parameters: the simple protocol
        while True:
            if cursor.description is not None:
                rows = await cursor.fetchall() or rows
            if not cursor.nextset():
                return rows


def _single_value(rows: list[tuple[Any, ...]]) -> str | None:
    if not rows:
        return None
    if len(rows) == 1 and len(rows[0]) == 1 and isinstance(rows[0][0], str | None):
        value: str | None = rows[0][0]
        return value
    raise UnexpectedAnswer(
        "The SQL did not answer with one row of one text column.",
        remedy="End it with a statement that returns a single ::text value, or no row.",
    )


def _sql_error(error: psycopg.Error, sql: str) -> SqlError:
    told = error.diag
    before = sql[: int(told.statement_position) - 1] if told.statement_position else None
    return SqlError(
        told.message_primary or " ".join(str(error).split()),
        sqlstate=error.sqlstate or "",
        line=None if before is None else before.count("\n") + 1,
        column=None if before is None else len(before) - before.rfind("\n"),
        detail=told.message_detail,
        hint=told.message_hint,
        context=told.context,
    )
