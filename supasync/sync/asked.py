"""All that production is ever asked: the engine's queries, which server it is, and what a report on
parity reads of it."""

from __future__ import annotations

from supasync import parity
from supasync.catalog import statements
from supasync.sql import Statement
from supasync.sync import identity

IDENTITY = "identity"
_PARITY = {sql: about for about, sql in parity.QUERIES.items()}


def understand(sql: str) -> Statement | None:
    """Which of the queries a text is; None when it is none of them."""
    if sql == identity.QUERY:
        return Statement(IDENTITY, sql, ())
    about = _PARITY.get(sql)
    return statements.understand(sql) if about is None else Statement(about, sql, ())
