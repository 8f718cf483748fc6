"""Running one text: a connection of its own, the simple protocol, the last rows."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Final

import psycopg
from psycopg.pq import ExecStatus
from psycopg.pq.abc import PGconn, PGresult

from supasync.sandbox.project import Project
from supasync.sandbox.sqlapi.arrays import parameter_text
from supasync.sandbox.sqlapi.failure import Failure, from_result
from supasync.sandbox.sqlapi.session import connect
from supasync.sandbox.sqlapi.values import to_json

READ_WRITE: Final = "postgres"
READ_ONLY: Final = "supabase_read_only_user"
TIMEOUT_SECONDS: Final = 60.0
COPY_IN_REFUSED: Final = "No source stream defined"

Rows = list[dict[str, object]]


async def run(
    project: Project,
    query: str,
    *,
    role: str = READ_WRITE,
    parameters: Sequence[object] = (),
    seconds: float = TIMEOUT_SECONDS,
) -> Rows:
    """The rows of the last statement that returned one; [] when none did. Raises: Failure.

    Without parameters the text is any number of statements and one implicit transaction. After
    `seconds` the caller gets an error, while the statement goes on in the database.
    """
    connection = await connect(project, role)
    try:
        async with asyncio.timeout(seconds):
            results = await _results(connection.pgconn, query, parameters)
    except TimeoutError as error:
        raise Failure("Query read timeout", 408) from error
    finally:
        connection.pgconn.finish()
    return _last_rows(results, query)


async def _results(connection: PGconn, query: str, parameters: Sequence[object]) -> list[PGresult]:
    connection.nonblocking = 1
    text = query.encode().replace(b"\0", b"")
    if parameters:
        values = [None if value is None else parameter_text(value).encode() for value in parameters]
        connection.send_query_params(text, values)
    else:
        connection.send_query(text)
    while connection.flush():
        await _ready(connection, write=True)
        connection.consume_input()
    results: list[PGresult] = []
    while (result := await _next(connection)) is not None:
        results.append(result)
        if result.status == ExecStatus.COPY_IN:
            connection.put_copy_end(COPY_IN_REFUSED.encode())
            connection.flush()
        elif result.status == ExecStatus.COPY_OUT:
            await _discard_copy(connection)
    return results


async def _next(connection: PGconn) -> PGresult | None:
    while connection.is_busy():
        await _ready(connection)
        try:
            connection.consume_input()
        except psycopg.OperationalError:
            break  # the session ended; the result says how
    return connection.get_result()


async def _discard_copy(connection: PGconn) -> None:
    while True:
        size, _ = connection.get_copy_data(1)
        if size < 0:
            return
        if size == 0:
            await _ready(connection)
            connection.consume_input()


async def _ready(connection: PGconn, *, write: bool = False) -> None:
    """Wait until the socket can be read (or also written)."""
    loop = asyncio.get_running_loop()
    ready = asyncio.Event()
    socket = connection.socket
    loop.add_reader(socket, ready.set)
    if write:
        loop.add_writer(socket, ready.set)
    try:
        await ready.wait()
    finally:
        loop.remove_reader(socket)
        if write:
            loop.remove_writer(socket)


def _last_rows(results: list[PGresult], query: str) -> Rows:
    for result in results:
        if result.status == ExecStatus.FATAL_ERROR:
            raise from_result(result, query)
    for result in reversed(results):
        if result.ntuples:
            return _rows(result)
    return []


def _rows(result: PGresult) -> Rows:
    columns = [
        ((result.fname(at) or b"").decode(), result.ftype(at)) for at in range(result.nfields)
    ]
    return [
        {name: to_json(result.get_value(row, at), oid) for at, (name, oid) in enumerate(columns)}
        for row in range(result.ntuples)
    ]
