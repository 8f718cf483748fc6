"""Which server a database is on: whether a URL leads to production, whatever the URL says.

A server is known by the moment it was started, which it tells in microseconds, and the database by
its name. (The system identifier would not do: a physical copy has its original's.)
"""

from __future__ import annotations

from supasync import sql
from supasync.errors import ProductionGuard, SqlError, SupasyncError, UnknownError
from supasync.ports import Database

IS_PRODUCTION = "SY002"
"""SQLSTATE our own statement raises when the server it runs on is production's."""

# A standby cannot be written, and what it tells says nothing about its primary.
_IDENTITY = (
    "case when not pg_catalog.pg_is_in_recovery() then pg_catalog.concat_ws(' ',"
    " (extract(epoch from pg_catalog.pg_postmaster_start_time()) * 1000000)::int8,"
    " pg_catalog.current_database()) end"
)

QUERY = f"select ({_IDENTITY})::text"


async def of_production(production: Database, target: str) -> str:
    """Production's identity. target: what is to be told from it, for people.

    Raises: UnknownError when production does not tell; then nobody knows what the target is.
    """
    try:
        found = await _read(production)
    except SupasyncError as error:
        raise UnknownError(
            f"It could not be found out whether {target} is production: {error.message}",
            remedy=error.remedy or "Run the command again when production answers.",
        ) from error
    if not found:
        raise UnknownError(f"It could not be found out whether {target} is production")
    return found


async def check(target: Database, production: str) -> None:
    """Raises: ProductionGuard when the target has production's identity, UnknownError."""
    if await _read(target) == production:
        raise refusal(target.name)


def fence(production: str) -> str:
    """SQL that goes before a write: a URL may lead to another server at each connection."""
    return (
        "do $identity$ begin\n"
        f"  if ({_IDENTITY}) = {sql.literal(production)} then\n"
        f"    raise exception using errcode = '{IS_PRODUCTION}', message = 'this is production';\n"
        "  end if;\n"
        "end $identity$;\n"
    )


def understood(error: SqlError, target: str) -> SupasyncError:
    """What a fenced write's error means: `error` itself, or the guard's."""
    return refusal(target) if error.sqlstate == IS_PRODUCTION else error


def refusal(target: str) -> ProductionGuard:
    return ProductionGuard(f"{target} is production; production is never a target")


async def _read(database: Database) -> str | None:
    return await database.fetch(QUERY)
