"""All that production is ever asked: the engine's queries, which server it is, what a report on
parity reads of it, and the rows that the configuration lists."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from supasync import parity
from supasync.catalog import statements
from supasync.config import Config
from supasync.sql import Statement
from supasync.sync import identity
from supasync.sync.data import asking
from supasync.sync.data.rules import Guard

IDENTITY = "identity"
_PARITY = {sql: about for about, sql in parity.QUERIES.items()}


def understand(sql: str) -> Statement | None:
    """Which of the queries a text is; None when it is none of them."""
    return asking.understand(sql) or _without_rows(sql)


def allowed(config: Config) -> Callable[[str], Statement | None]:
    """`understand` for what is about to be sent: it raises ProductionGuard for rows that the
    configuration does not list."""
    guard = Guard(config)
    return lambda sql: guard(sql) or _without_rows(sql)


def engine() -> str:
    """Identifies this version by what it may ask."""
    return hashlib.sha256((statements.engine() + asking.engine()).encode()).hexdigest()[:16]


def _without_rows(sql: str) -> Statement | None:
    if sql == identity.QUERY:
        return Statement(IDENTITY, sql, ())
    about = _PARITY.get(sql)
    return statements.understand(sql) if about is None else Statement(about, sql, ())
