"""All that production is ever asked: the engine's queries, and which server it is."""

from __future__ import annotations

from supasync.catalog import statements
from supasync.sql import Statement
from supasync.sync import identity

IDENTITY = "identity"


def understand(sql: str) -> Statement | None:
    """Which of the queries a text is; None when it is none of them."""
    if sql == identity.QUERY:
        return Statement(IDENTITY, sql, ())
    return statements.understand(sql)
