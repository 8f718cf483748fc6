"""Rows that have no date: those of an ordinary table or a view, a few.

A kind's `gather` is a query that answers all of them as one json array, in a stable order. Every
look runs it, unless its table (`gather_from`) is missing or may not be read whole, and compares a
hash of the answer. The kind's other expressions read the answer through `gathered`.
"""

from __future__ import annotations


def setting(kind: str) -> str:
    """Where the answer is kept for the rest of the transaction."""
    return f"supasync.rows_{kind}"


def gathered(kind: str, columns: str) -> str:
    """The answer as rows `g` with these columns and types."""
    rows = f"coalesce(nullif(current_setting('{setting(kind)}', true), ''), '[]')::json"
    return f"json_to_recordset({rows}) g({columns})"
