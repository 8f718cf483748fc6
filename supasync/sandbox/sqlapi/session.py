"""A session of a project's database whose errors are the endpoint's."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import psycopg

from supasync.sandbox.project import Project
from supasync.sandbox.sqlapi.failure import Failure, from_result, not_connected

Connection = psycopg.AsyncConnection[tuple[object, ...]]


async def connect(project: Project, role: str) -> Connection:
    """See `Project.connect`. Raises: Failure."""
    try:
        return await project.connect(role)
    except psycopg.OperationalError as error:
        raise not_connected() from error


@asynccontextmanager
async def session(project: Project, role: str) -> AsyncIterator[Connection]:
    """A connection as long as the context is open; psycopg's errors inside become Failures."""
    connection = await connect(project, role)
    try:
        async with connection:
            yield connection
    except psycopg.Error as error:
        raise failure(error, "") from error


def failure(error: psycopg.Error, text: str) -> Failure:
    """text: of the statement that failed, in which a place can be shown."""
    if error.pgresult is None:
        return Failure(str(error))
    return from_result(error.pgresult, text)
