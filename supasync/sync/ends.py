"""The ends of a comparison: a branch, production, or any database named by a URL."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from supasync import sql
from supasync.errors import ProductionGuard, UsageError
from supasync.ports import Database, WritableDatabase
from supasync.sync import names
from supasync.sync.context import Policy, Unconfigured
from supasync.sync.withheld import branch_database

if TYPE_CHECKING:
    from supasync import api
    from supasync.config import Branch

_SCHEMES = ("postgresql://", "postgres://")


def is_url(end: str) -> bool:
    return end.startswith(_SCHEMES)


def is_main(end: str, production_ref: str | None) -> bool:
    return end == "main" or (production_ref is not None and end == production_ref)


@dataclass(frozen=True, kw_only=True)
class End:
    """key: what it is remembered under. writable: None for production, which is only read.
    leased: a branch, whose writes go under a lease and are journaled. policy: as configured.
    copied: the tables whose rows are production's. cloned: it was made with all of its rows."""

    database: Database
    key: str
    writable: WritableDatabase | None = None
    leased: bool = False
    policy: Policy = field(default_factory=Unconfigured)
    copied: frozenset[tuple[str, str]] = frozenset()
    cloned: bool = False


def branch_end(client: api.Client, branch: api.Branch, settings: Branch) -> End:
    database = branch_database(client, branch, branch.name, settings)
    named = (sql.names(each) for each in settings.data.listed)
    return End(
        database=database,
        key=branch.project_ref,
        writable=database,
        leased=True,
        policy=settings,
        copied=frozenset((schema, table) for schema, table in named),
        cloned=branch.with_data,
    )


def main_end(client: api.Client, production_ref: str) -> End:
    return End(database=client.production, key=production_ref)


def url_end(url: str) -> End:
    """Raises: UsageError for a malformed URL."""
    from supasync import direct  # noqa: PLC0415 -- psycopg, for URLs only

    database = direct.Database(url)
    return End(database=database, key=database.name, writable=database)


@asynccontextmanager
async def opened(*ends: End) -> AsyncIterator[None]:
    """Databases named by URLs keep their connections as long as this is open."""
    async with AsyncExitStack() as stack:
        for end in ends:
            if isinstance(end.database, AbstractAsyncContextManager):
                await stack.enter_async_context(end.database)
        yield


def check_name(end: str) -> None:
    """Refuses what is no name of an end, before anything is looked at. Raises: UsageError."""
    if is_url(end):
        url_end(end)
    else:
        names.check_branch(end, urls=True)


def check(source: str, target: str, production_ref: str | None, *, write: bool) -> None:
    """Refuses what can be refused without looking. Raises: ProductionGuard, UsageError."""
    for end in (source, target):
        check_name(end)
    if write:
        _check_target(source, target, production_ref)
    if _same(source, target, production_ref):
        raise UsageError("Both ends are the same database", remedy="Name two different databases.")


def _check_target(source: str, target: str, production_ref: str | None) -> None:
    if is_main(target.strip().lower(), production_ref):
        raise ProductionGuard(
            f"{target} is production; production is never a target",
            remedy=f"Exchange the ends: `supasync schema diff main {source}`.",
        )
    if is_url(target) and production_ref and _is_at(target, production_ref):
        raise ProductionGuard("the target's URL leads to production; production is never a target")


def _is_at(url: str, ref: str) -> bool:
    """A direct host is `db.<ref>.…`; a pooler takes the user `postgres.<ref>` or the option
    `reference=<ref>`. Each may also come from the environment, and there may be several hosts."""
    parameters = _resolved(url)
    told = (parameters.get(name, "") for name in ("host", "hostaddr", "user", "options", "dbname"))
    return any(ref in value.lower() for value in told)


def _same(source: str, target: str, production_ref: str | None) -> bool:
    if is_url(source) and is_url(target):
        return _place(source) == _place(target)
    return source == target or (is_main(source, production_ref) and is_main(target, production_ref))


def _place(url: str) -> tuple[str, ...]:
    parameters = _resolved(url)
    server = parameters.get("hostaddr") or parameters.get("host") or ""
    database = parameters.get("dbname") or parameters.get("user") or ""
    return server, parameters.get("port", ""), database


def _resolved(url: str) -> dict[str, str]:
    from supasync import direct  # noqa: PLC0415 -- psycopg, for URLs only

    return direct.resolved(url)
